using MongoDB.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Logs, one document each: see <see cref="LogBson"/>. A chunk is written by one bulk; each statement is an insert, or
/// an upsert on <c>_id</c> and <c>version</c>, so that one that lost its race is a duplicate key of its own.
/// </summary>
internal sealed class MongoLogStore(MongoDatabase database) : ILogStore
{
    public async Task<IReadOnlyDictionary<string, Log>> ReadAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var logs = new Dictionary<string, Log>(StringComparer.Ordinal);
        foreach (var page in MongoFilter.Pages(ids))
        {
            await foreach (var log in database.LogsAsync(MongoFilter.Ids(page), cancellationToken))
                logs[log.Id] = log;
        }

        return logs;
    }

    public async Task<LogWriteResult> WriteAsync(IReadOnlyCollection<Log> logs, CancellationToken cancellationToken)
    {
        var writes = new Dictionary<MongoWrite, Log>(ReferenceEqualityComparer.Instance);
        var tooLarge = new List<string>();
        foreach (var log in logs)
        {
            if (LogBson.Write(log) is { } document)
                writes.Add(Write(log, document), log);
            else
                tooLarge.Add(log.Id);
        }

        var result = await database.WriteAsync(MongoCollections.Logs, writes.Keys, cancellationToken);
        var resurrected = result.Inserted.Select(write => writes[write]).Where(log => log.Version > 0).ToList();
        foreach (var log in resurrected)
            await database.DeleteAsync(MongoCollections.Logs, Version(log.Id, log.Version + 1), cancellationToken);
        return new([.. result.Lost.Select(write => write.Id), .. resurrected.Select(log => log.Id)], tooLarge);
    }

    /// <summary>
    /// A new Log is written as it is; a stored one keeps the labels that stand on it, which are no part of a Log.
    /// </summary>
    private static MongoWrite Write(Log log, BsonDocument document)
    {
        if (log.Version == 0)
            return MongoWrite.Insert(document);

        var labels = new BsonDocument
        {
            { "trace_id", "$trace_id" },
            { "trace_flow_id", "$trace_flow_id" },
            { "late", "$late" },
        };
        var merged = new BsonArray { new BsonDocument("$literal", document), labels };
        return MongoWrite.Transform(
            log.Id,
            Version(log.Id, log.Version),
            [new("$replaceWith", new BsonDocument("$mergeObjects", merged))],
            upsert: true);
    }

    private static BsonDocument Version(string id, int version) => new() { { "_id", id }, { "version", version } };
}
