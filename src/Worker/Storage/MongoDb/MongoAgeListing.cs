using System.Runtime.CompilerServices;
using MongoDB.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>Logs by when they first came; of one millisecond, in the order of ids.</summary>
internal sealed class MongoAgeListing(MongoDatabase database) : IAgeListing
{
    private const string Received = "first_received_at";

    private static readonly BsonDocument OldestFirst = MongoFilter.Ascending(Received, "_id");

    private static readonly BsonDocument Fields = MongoFilter.Only(
        Received, "kind", LogFields.TraceParentId.Name, LogFields.JudgedId.Name, "deleted_at");

    public async IAsyncEnumerable<IReadOnlyList<OldLog>> OldestAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = new BsonDocument(Received, MongoFilter.Above(new BsonDateTime(long.MinValue)));
        while (true)
        {
            var page = await database.FindAsync(
                MongoCollections.Logs, after, log => log, cancellationToken, Fields, OldestFirst, MongoFilter.PageSize);
            if (page.Where(log => !log.Contains("deleted_at")).Select(ToOldLog).ToList() is { Count: > 0 } standing)
                yield return standing;
            if (page.Count < MongoFilter.PageSize)
                yield break;
            after = After(page[^1]);
        }
    }

    public async Task<IReadOnlyList<string>> TombstonesAsync(
        DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        await database.FindAsync(
            MongoCollections.Logs,
            new BsonDocument("deleted_at", new BsonDocument("$lt", MongoFields.Date(until))),
            log => log["_id"].AsString,
            cancellationToken,
            MongoFilter.Only(),
            MongoFilter.Ascending("deleted_at"),
            limit);

    private static OldLog ToOldLog(BsonDocument log) => new(
        log["_id"].AsString,
        log["kind"].AsString == LogKind.Evaluator.WireName()
            ? log.Text(LogFields.JudgedId.Name)
            : log.Text(LogFields.TraceParentId.Name));

    private static BsonDocument After(BsonDocument last)
    {
        var (received, id) = (last[Received], last["_id"]);
        var later = new BsonDocument(Received, MongoFilter.Above(received));
        var sameTime = new BsonDocument { { Received, received }, { "_id", MongoFilter.Above(id) } };
        return new BsonDocument
        {
            { Received, new BsonDocument("$gte", received) }, { "$or", new BsonArray { later, sameTime } },
        };
    }
}
