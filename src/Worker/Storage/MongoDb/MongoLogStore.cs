using Worker.Storage.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Logs, one document each: see <see cref="LogBson"/>. A chunk is written by one command; each statement is an upsert on
/// <c>_id</c> and <c>version</c>, so that one that lost its race is a duplicate key of its own.
/// </summary>
internal sealed class MongoLogStore(MongoDatabase database) : ILogStore
{
    private const int StatementOverhead = 64;

    public async Task<IReadOnlyDictionary<string, Log>> ReadAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var logs = new Dictionary<string, Log>(StringComparer.Ordinal);
        using var bson = new LogBson();
        foreach (var page in MongoFilter.Pages(ids))
        {
            await foreach (var document in database.FindAsync(MongoCollections.Logs, MongoFilter.Ids(page), cancellationToken: cancellationToken))
            {
                var log = bson.Read(document);
                logs[log.Id] = log;
            }
        }

        return logs;
    }

    public async Task<LogWriteResult> WriteAsync(IReadOnlyCollection<Log> logs, CancellationToken cancellationToken)
    {
        var updates = new Dictionary<MongoUpdate, Log>(ReferenceEqualityComparer.Instance);
        var tooLarge = new List<string>();
        using (var bson = new LogBson())
        {
            foreach (var log in logs)
            {
                if (bson.Write(log) is { } document)
                    updates.Add(Update(log, document), log);
                else
                    tooLarge.Add(log.Id);
            }
        }

        var result = await database.UpdateAsync(MongoCollections.Logs, updates.Keys, cancellationToken);
        var resurrected = result.Inserted.Select(update => updates[update]).Where(log => log.Version > 0).ToList();
        foreach (var log in resurrected)
            await database.DeleteAsync(MongoCollections.Logs, new BsonDocument { { "_id", log.Id }, { "version", log.Version + 1 } }, cancellationToken);
        return new([.. result.Lost.Select(update => update.Id), .. resurrected.Select(log => log.Id)], tooLarge);
    }

    /// <summary>A new Log is written as it is; a stored one keeps the labels that stand on it, which are no part of a Log.</summary>
    private static MongoUpdate Update(Log log, BsonView document)
    {
        var filter = new BsonDocument { { "_id", log.Id }, { "version", log.Version } };
        if (log.Version == 0)
            return new(log.Id, new BsonDocument(filter.Bytes.Length + document.Bytes.Length + StatementOverhead) { { "q", filter }, { "u", document }, { "upsert", true } });

        var labels = new BsonDocument { { "trace_id", "$trace_id" }, { "trace_flow_id", "$trace_flow_id" }, { "late", "$late" } };
        var literal = new BsonDocument { { "$literal", document } };
        var merged = new BsonDocument { { "$mergeObjects", new BsonArray { literal, labels } } };
        return MongoUpdate.Of(log.Id, filter, new BsonArray { new BsonDocument { { "$replaceWith", merged } } }, upsert: true);
    }
}
