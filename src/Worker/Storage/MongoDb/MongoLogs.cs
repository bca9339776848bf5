using System.Runtime.CompilerServices;
using MongoDB.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>Finds of whole Logs.</summary>
internal static class MongoLogs
{
    /// <summary>
    /// More than that is not held for callers who share a find: a thousand Logs, and what a server puts into one reply.
    /// </summary>
    private const int Few = 1_000;
    private const int FewBytes = 16 * 1024 * 1024;

    /// <summary>The Logs that match, however many: what is held at once is one reply of a bounded number.</summary>
    /// <param name="projection">See <see cref="MongoFilter.Only"/>; null: whole.</param>
    public static async IAsyncEnumerable<Log> LogsAsync(
        this MongoDatabase database,
        BsonDocument filter,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        BsonDocument? projection = null)
    {
        await foreach (var page in database.PagesAsync(
            MongoCollections.Logs,
            filter,
            LogSerializer.Instance,
            cancellationToken,
            projection,
            batch: MongoFilter.PageSize + 1))
        {
            foreach (var log in page)
                yield return log;
        }
    }

    /// <summary>
    /// The Logs that match. Throws <see cref="TooManyLogsException"/> when they are too many, or too large, to be held
    /// at once.
    /// </summary>
    public static async Task<List<Log>> FewLogsAsync(
        this MongoDatabase database, BsonDocument filter, CancellationToken cancellationToken)
    {
        var (logs, bytes) = (new List<Log>(), 0);
        await foreach (var page in database.PagesAsync(
            MongoCollections.Logs, filter, LogSerializer.Instance, cancellationToken, limit: Few + 1))
        {
            logs.AddRange(page);
            bytes += page.Sum(LogSize.Of);
            if (logs.Count > Few || bytes > FewBytes)
                throw new TooManyLogsException();
        }

        return logs;
    }
}
