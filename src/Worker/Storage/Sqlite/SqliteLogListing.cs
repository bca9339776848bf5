using System.Runtime.CompilerServices;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>
/// The Logs of a File, by an index that is read backwards; of one instant, the latest to come first.
/// </summary>
internal sealed class SqliteLogListing(SqliteDatabase database) : ILogListing
{
    /// <summary>By name: whatever else the planner thinks of, each is one walk along it.</summary>
    public const string Count =
        "SELECT count(*) FROM logs INDEXED BY logs_file WHERE file_id = ?1 AND created >= ?2 AND created < ?3";

    public const string Page =
        """
        SELECT id FROM logs INDEXED BY logs_file WHERE file_id = ?1 AND created >= ?2 AND created < ?3
        ORDER BY created DESC, seq DESC LIMIT ?4 OFFSET ?5
        """;

    public const string Read =
        """
        SELECT version, document, created, seq FROM logs INDEXED BY logs_file
        WHERE file_id = ?1 AND created >= ?2 AND created <= ?3 AND (created, seq) < (?3, ?4)
        ORDER BY created DESC, seq DESC
        """;

    private const string All =
        "SELECT version, document, seq FROM logs WHERE seq > ? AND deleted_at IS NULL ORDER BY seq";

    public Task<long> CountAsync(LogRange range, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                using var row = Bind(session.Prepare(Count), range);
                row.Next();
                return row.Long(0);
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> PageAsync(
        LogRange range, int skip, int take, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<string> (session) =>
                Bind(session.Prepare(Page), range).Bind(take).Bind(skip).All(row => row.Text(0)),
            cancellationToken);

    public async IAsyncEnumerable<IReadOnlyCollection<Log>> ReadAsync(
        LogRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Before the first of what is created then, that is: after all that was created earlier.
        var created = range.Until;
        var seq = long.MinValue;
        while (true)
        {
            var before = created;
            var beforeSeq = seq;
            var page = new MemberPage();
            await database.ReadAsync(
                session =>
                {
                    using var rows = Bind(session.Prepare(Read), range with { Until = before }).Bind(beforeSeq);
                    while (!page.IsFull && rows.Next())
                    {
                        page.Add(LogDocument.Read(rows.Bytes(1), rows.Int(0)));
                        created = rows.Long(2);
                        seq = rows.Long(3);
                    }

                    return true;
                },
                cancellationToken);
            var wasFull = page.IsFull;
            if (!page.IsEmpty)
                yield return page.Take();
            if (!wasFull)
                yield break;
        }
    }

    public async IAsyncEnumerable<IReadOnlyCollection<Log>> AllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = long.MinValue;
        var wasFull = true;
        while (wasFull)
        {
            var after = last;
            var page = new MemberPage();
            last = await database.ReadAsync(
                session =>
                {
                    using var rows = session.Prepare(All).Bind(after);
                    while (!page.IsFull && rows.Next())
                    {
                        page.Add(LogDocument.Read(rows.Bytes(1), rows.Int(0)));
                        after = rows.Long(2);
                    }

                    return after;
                },
                cancellationToken);
            wasFull = page.IsFull;
            if (!page.IsEmpty)
                yield return page.Take();
        }
    }

    private static SqliteStatement Bind(SqliteStatement statement, LogRange range) =>
        statement.Bind(range.FileId).Bind(range.From).Bind(range.Until);
}
