using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>
/// A walk downward, breadth first, that goes on where it was left: a page at a time, each in a short transaction, for a
/// long one would keep the write-ahead log from being copied into the file. It holds the ids that it has met and those
/// it has yet to look under.
/// </summary>
/// <param name="withHead">False: without the Log itself, and whether that stands or not.</param>
/// <param name="inOutline">
/// Of each Log what is drawn of it. SQLite reads the document all the same: start, cost and others stand in it alone.
/// But it stays in SQLite's memory, and is not copied.
/// </param>
internal sealed class SqliteMemberWalk(string logId, bool withHead = true, bool inOutline = false)
{
    private const string FindHead = "SELECT version, document, 0 FROM logs WHERE seq = ? AND deleted_at IS NULL";

    // The index of parents, by name, gives children in the order of seq: so a walk can go on half-way under a Log.
    private const string FindChildren =
        """
        SELECT version, document, seq FROM logs INDEXED BY logs_parent
        WHERE parent = ? AND seq > ? AND deleted_at IS NULL ORDER BY seq
        """;

    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly Queue<string> _open = new();
    private readonly MemberPage _page = new();
    private long _lastChild;

    /// <summary>There is no page after the last one.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The next members; none where the Log is not stored or deleted, and where none is left.</summary>
    public IReadOnlyList<Log> NextPage(SqliteSession session)
    {
        if (_met.Count == 0)
            Begin(session);
        while (!_page.IsFull && _open.TryPeek(out var parent))
        {
            if (!Meet(session.Prepare(FindChildren).Bind(parent).Bind(_lastChild)))
                break;
            _open.Dequeue();
            _lastChild = 0;
        }

        IsOver = _open.Count == 0;
        return _page.Take();
    }

    private void Begin(SqliteSession session)
    {
        if (withHead)
        {
            Meet(session.Prepare(FindHead).Bind(session.SeqOf(logId)));
            return;
        }

        _met.Add(logId);
        _open.Enqueue(logId);
    }

    /// <summary>False when the page was full before the rows were known to be over.</summary>
    private bool Meet(SqliteStatement found)
    {
        using var rows = found;
        while (rows.Next())
        {
            var log = inOutline
                ? LogDocument.ReadOutline(rows.Span(1), rows.Int(0))
                : LogDocument.Read(rows.Bytes(1), rows.Int(0));
            _lastChild = rows.Long(2);
            if (!_met.Add(log.Id))
                continue;
            _open.Enqueue(log.Id);
            _page.Add(log);
            if (_page.IsFull)
                return false;
        }

        return true;
    }
}
