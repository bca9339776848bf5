using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Gives Logs of earlier builds what documents have since then, page by page in the order of ids. What a worker writes
/// meanwhile has it already, and stays as it is.
/// </summary>
internal sealed class MongoLogPages(MongoDatabase database)
{
    private const int PageSize = 1_000;

    /// <summary>Looks at the page after that id, and at each document in it once.</summary>
    /// <returns>The last id of it and how many there were; null after the last page.</returns>
    public async Task<(string Last, int Count)?> FillInAsync(string after, CancellationToken cancellationToken)
    {
        var ids = await database.FindAsync(
            MongoCollections.Logs,
            new("_id", MongoFilter.Above(after)),
            document => document["_id"].AsString,
            cancellationToken,
            MongoFilter.Only(),
            MongoFilter.Ascending("_id"),
            PageSize);
        if (ids.Count == 0)
            return null;

        var writes = new List<MongoWrite>();
        await foreach (var log in database.LogsAsync(Lacking(ids), cancellationToken))
        {
            // The version stays: who has read the Log meanwhile writes the same.
            var filter = new BsonDocument { { "_id", log.Id }, { "created", MongoFilter.Exists(false) } };
            writes.Add(MongoWrite.Update(log.Id, filter, new("$set", LogBson.Created(log))));
        }

        await database.WriteAsync(MongoCollections.Logs, writes, cancellationToken);
        return (ids[^1], ids.Count);
    }

    private static BsonDocument Lacking(List<string> ids) => new()
    {
        { "_id", new BsonDocument { { "$gte", ids[0] }, { "$lte", ids[^1] } } },
        { "created", MongoFilter.Exists(false) },
    };
}
