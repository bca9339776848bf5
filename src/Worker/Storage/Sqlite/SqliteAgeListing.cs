using System.Runtime.CompilerServices;

namespace Worker.Storage.Sqlite;

/// <summary>Logs in the order of their rows, which is that in which they came.</summary>
internal sealed class SqliteAgeListing(SqliteDatabase database) : IAgeListing
{
    public const string Oldest =
        """
        SELECT seq, id, coalesce(parent, judged) FROM logs WHERE seq >= ? AND deleted_at IS NULL ORDER BY seq LIMIT ?
        """;

    public const string Tombstones = "SELECT id FROM logs WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?";

    private const int Page = 1_000;

    private const string Has = "SELECT 1 FROM logs WHERE seq = ? AND id = ?";

    /// <summary>
    /// A row before which no Log stands. While it is there, none ever will, for rows are added at the end: so what was
    /// removed already is not passed over again.
    /// </summary>
    private (long Seq, string Id)? _first;

    private readonly Lock _remembering = new();

    public async IAsyncEnumerable<IReadOnlyList<OldLog>> OldestAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = await FirstAsync(cancellationToken);
        for (var isFirst = true; ; isFirst = false)
        {
            var from = next;
            var page = await database.ReadAsync(
                session => session.Prepare(Oldest).Bind(from).Bind(Page).All(
                    row => (Seq: row.Long(0), Log: new OldLog(row.Text(1), row.TextOrNull(2)))),
                cancellationToken);
            if (page.Count == 0)
                yield break;
            if (isFirst)
                Remember(page[0].Seq, page[0].Log.Id);
            next = page[^1].Seq + 1;
            yield return page.ConvertAll(row => row.Log);
        }
    }

    public Task<IReadOnlyList<string>> TombstonesAsync(
        DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<string> (session) =>
                session.Prepare(Tombstones).Bind(until).Bind(limit).All(row => row.Text(0)),
            cancellationToken);

    private async Task<long> FirstAsync(CancellationToken cancellationToken)
    {
        (long Seq, string Id)? first;
        lock (_remembering)
            first = _first;
        if (first is not { } row)
            return long.MinValue;
        var isThere = await database.ReadAsync(
            session => session.Prepare(Has).Bind(row.Seq).Bind(row.Id).Any(), cancellationToken);
        return isThere ? row.Seq : long.MinValue;
    }

    private void Remember(long seq, string id)
    {
        lock (_remembering)
            _first = (seq, id);
    }
}
