using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>What is being removed.</summary>
internal sealed class MongoRemovalStore(MongoDatabase database) : IRemovalStore
{
    public Task SaveAsync(Removal removal, CancellationToken cancellationToken)
    {
        var document = new BsonDocument
        {
            { "heads", new BsonArray(removal.Heads) },
            { "log_ids", new BsonArray(removal.LogIds) },
            { "at", MongoFields.Date(removal.At) },
        };
        var write = MongoWrite.Replace(removal.Id, MongoFilter.Id(removal.Id), document, upsert: true);
        return database.WriteAsync(MongoCollections.Removals, [write], cancellationToken);
    }

    public async Task<IReadOnlyList<Removal>> OpenAsync(CancellationToken cancellationToken) =>
        await database.FindAsync(
            MongoCollections.Removals, [], ToRemoval, cancellationToken, sort: MongoFilter.Ascending("_id"));

    public Task CloseAsync(string id, CancellationToken cancellationToken) =>
        database.DeleteAsync(MongoCollections.Removals, MongoFilter.Id(id), cancellationToken);

    public async Task<int> ForgetAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var forgotten = 0L;
        foreach (var page in MongoFilter.Pages(logIds))
        {
            var tombstones = MongoFilter.Ids(page);
            tombstones.Add("deleted_at", MongoFilter.Exists(true));
            var delete = MongoWrite.Delete(tombstones);
            forgotten += (await database.WriteAsync(MongoCollections.Logs, [delete], cancellationToken)).Done;
        }

        return (int)forgotten;
    }

    private static Removal ToRemoval(BsonDocument removal) => new(
        [.. removal["heads"].AsBsonArray.Select(id => id.AsString)],
        [.. removal["log_ids"].AsBsonArray.Select(id => id.AsString)],
        removal.Instant("at")!.Value);
}
