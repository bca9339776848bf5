using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>The Logs of a File, by an index that is read backwards; of one millisecond, by id.</summary>
internal sealed class MongoLogListing(MongoDatabase database) : ILogListing
{
    private static readonly BsonDocument NewestFirst = MongoFilter.Descending("created", "_id");

    public Task<long> CountAsync(LogRange range, CancellationToken cancellationToken) => database.RunAsync(
        session => database.Collection(MongoCollections.Logs).CountDocumentsAsync(
            session,
            new BsonDocumentFilterDefinition<BsonDocument>(Filter(range)),
            cancellationToken: cancellationToken),
        cancellationToken);

    public async Task<IReadOnlyList<string>> PageAsync(
        LogRange range, int skip, int take, CancellationToken cancellationToken) =>
        take == 0
            ? []
            : await database.FindAsync(
                MongoCollections.Logs,
                Filter(range),
                log => log["_id"].AsString,
                cancellationToken,
                MongoFilter.Only(),
                NewestFirst,
                take,
                skip);

    public async IAsyncEnumerable<IReadOnlyCollection<Log>> ReadAsync(
        LogRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in database.PagesAsync(
            MongoCollections.Logs,
            Filter(range),
            LogSerializer.Instance,
            cancellationToken,
            sort: NewestFirst,
            batch: MemberPage.MaxLogs))
            yield return page;
    }

    public async IAsyncEnumerable<IReadOnlyCollection<Log>> AllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in database.PagesAsync(
            MongoCollections.Logs,
            new BsonDocument("deleted_at", MongoFilter.Exists(false)),
            LogSerializer.Instance,
            cancellationToken,
            sort: MongoFilter.Ascending("_id"),
            batch: MemberPage.MaxLogs))
            yield return page;
    }

    private static BsonDocument Filter(LogRange range)
    {
        var filter = new BsonDocument("resolution.file_id", range.FileId);
        var created = new BsonDocument();
        if (range.From > Timestamps.First)
            created.Add("$gte", MongoFields.Date(Timestamps.ToInstant(range.From)));
        if (range.Until <= Timestamps.Last)
            created.Add("$lt", MongoFields.Date(Timestamps.ToInstant(range.Until)));
        if (created.ElementCount > 0)
            filter.Add("created", created);
        return filter;
    }
}
