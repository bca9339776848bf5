using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Verdicts from outside, by the index of what they are on. A tombstone says of nothing what it was on.
/// </summary>
internal sealed class MongoPostedVerdictStore(MongoDatabase database) : IPostedVerdictStore
{
    private static readonly string JudgedId = LogFields.JudgedId.Name;

    public async Task<IReadOnlySet<string>> JudgedAmongAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var judged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in MongoFilter.Pages(logIds))
            judged.UnionWith(await AmongAsync(page, cancellationToken));
        return judged;
    }

    public async Task<IReadOnlyDictionary<string, string>> JudgedByAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var judged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var page in MongoFilter.Pages(logIds))
        {
            var filter = MongoFilter.Ids(page);
            filter.Add(JudgedId, MongoFilter.Exists(true));
            var found = await database.FindAsync(
                MongoCollections.Logs,
                filter,
                log => (Id: log["_id"].AsString, On: log[JudgedId].AsString),
                cancellationToken,
                MongoFilter.Only(JudgedId));
            foreach (var (id, on) in found)
                judged[id] = on;
        }

        return judged;
    }

    public async IAsyncEnumerable<IReadOnlyList<Log>> OnAsync(
        string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new MemberPage();
        await foreach (var reply in database.PagesAsync(
            MongoCollections.Logs,
            new BsonDocument(JudgedId, logId),
            LogSerializer.Instance,
            cancellationToken,
            sort: MongoFilter.Ascending("_id")))
        {
            foreach (var log in reply)
            {
                page.Add(log);
                if (page.IsFull)
                    yield return page.Take();
            }
        }

        if (!page.IsEmpty)
            yield return page.Take();
    }

    public IAsyncEnumerable<string> JudgedAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(MongoCollections.Logs, JudgedId, only: null, cancellationToken);

    /// <summary>Each once, whatever the number of verdicts: the server reads the index alone.</summary>
    private Task<List<string>> AmongAsync(string[] logIds, CancellationToken cancellationToken) => database.RunAsync(
        async session =>
        {
            using var found = await database.Collection(MongoCollections.Logs).DistinctAsync<string>(
                session, JudgedId, MongoFilter.In(JudgedId, logIds), options: null, cancellationToken);
            return await found.ToListAsync(cancellationToken);
        },
        cancellationToken);
}
