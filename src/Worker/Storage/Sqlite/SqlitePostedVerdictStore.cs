using System.Runtime.CompilerServices;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>Verdicts from outside, by the index of what they are on.</summary>
internal sealed class SqlitePostedVerdictStore(SqliteDatabase database) : IPostedVerdictStore
{
    private const string Has = "SELECT 1 FROM logs INDEXED BY logs_judged WHERE judged = ? LIMIT 1";

    private const string FindOn = "SELECT judged FROM logs WHERE seq = ? AND judged IS NOT NULL";

    private const string Find =
        "SELECT version, document, seq FROM logs INDEXED BY logs_judged WHERE judged = ? AND seq > ? ORDER BY seq";

    private const string FindJudged =
        "SELECT DISTINCT judged FROM logs INDEXED BY logs_judged WHERE judged > ? ORDER BY judged LIMIT ?";

    public Task<IReadOnlySet<string>> JudgedAmongAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlySet<string> (session) => logIds
                .Where(id => session.Prepare(Has).Bind(id).Any())
                .ToHashSet(StringComparer.Ordinal),
            cancellationToken);

    public Task<IReadOnlyDictionary<string, string>> JudgedByAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyDictionary<string, string> (session) => logIds
                .SelectMany(id => session.Prepare(FindOn)
                    .Bind(session.SeqOf(id))
                    .All(row => KeyValuePair.Create(id, row.Text(0))))
                .DistinctBy(found => found.Key, StringComparer.Ordinal)
                .ToDictionary(StringComparer.Ordinal),
            cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<Log>> OnAsync(
        string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var last = 0L; last >= 0;)
        {
            var after = last;
            (var page, last) = await database.ReadAsync(session => Page(session, logId, after), cancellationToken);
            if (page.Count > 0)
                yield return page;
        }
    }

    public IAsyncEnumerable<string> JudgedAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(FindJudged, cancellationToken);

    /// <summary>A page, and where it ends; below 0 where it is the last.</summary>
    private static (IReadOnlyList<Log> Page, long Last) Page(SqliteSession session, string logId, long after)
    {
        var page = new MemberPage();
        using var rows = session.Prepare(Find).Bind(logId).Bind(after);
        while (rows.Next())
        {
            page.Add(LogDocument.Read(rows.Bytes(1), rows.Int(0)));
            if (page.IsFull)
                return (page.Take(), rows.Long(2));
        }

        return (page.Take(), -1);
    }
}
