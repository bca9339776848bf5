using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>What people want kept.</summary>
internal sealed class MongoPinStore(MongoDatabase database) : IPinStore
{
    public async Task<bool> PinAsync(TracePin pin, CancellationToken cancellationToken)
    {
        var document = new BsonDocument { { "_id", pin.LogId }, { "at", MongoFields.Date(pin.At) } };
        var written = await database.WriteAsync(
            MongoCollections.Pins, [MongoWrite.Insert(document)], cancellationToken);
        return written.Lost.Count == 0;
    }

    public async Task<bool> UnpinAsync(string logId, CancellationToken cancellationToken)
    {
        var delete = MongoWrite.Delete(MongoFilter.Id(logId));
        return (await database.WriteAsync(MongoCollections.Pins, [delete], cancellationToken)).Done == 1;
    }

    public async Task<IReadOnlyList<TracePin>> ListAsync(CancellationToken cancellationToken) =>
        await database.FindAsync(
            MongoCollections.Pins,
            [],
            pin => new TracePin(pin["_id"].AsString, pin.Instant("at")!.Value),
            cancellationToken,
            sort: MongoFilter.Ascending("at", "_id"));

    public async Task<bool> AnyAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        foreach (var page in MongoFilter.Pages(logIds))
        {
            var found = await database.FindAsync(
                MongoCollections.Pins,
                MongoFilter.Ids(page),
                _ => true,
                cancellationToken,
                MongoFilter.Only(),
                limit: 1);
            if (found.Count > 0)
                return true;
        }

        return false;
    }
}
