using System.Runtime.CompilerServices;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>
/// Traces. Upward one look-up a Log, which ends where an earlier path went: a chunk's paths mostly meet in a few heads.
/// Downward one look-up for the children of each (see <see cref="SqliteMemberWalk"/>).
/// </summary>
internal sealed class SqliteTraceStore(SqliteDatabase database) : ITraceStore
{
    private const string FindParent = "SELECT kind, parent, complete FROM logs WHERE seq = ? AND deleted_at IS NULL";

    private const string FindLog = "SELECT version, document FROM logs WHERE seq = ? AND deleted_at IS NULL";

    private const string Label =
        """
        INSERT INTO labels (seq, trace_id, trace_flow_id, late) VALUES (?, ?, ?, ?)
        ON CONFLICT (seq) DO UPDATE SET
            trace_id = excluded.trace_id, trace_flow_id = excluded.trace_flow_id, late = excluded.late
        WHERE (trace_id, trace_flow_id, late) IS NOT (excluded.trace_id, excluded.trace_flow_id, excluded.late)
        """;

    private const string FindLabel = "SELECT trace_id, trace_flow_id, late FROM labels WHERE seq = ?";

    private const string FindComplete = "SELECT id FROM logs WHERE complete AND id > ? ORDER BY id LIMIT ?";

    public Task<IReadOnlyList<Ancestor>> AncestorsAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<Ancestor> (session) =>
            {
                var ancestors = new List<Ancestor>();
                var seen = new HashSet<string>(StringComparer.Ordinal);
                foreach (var id in ids)
                    Climb(session, id, seen, ancestors);
                return ancestors;
            },
            cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<Log>> MembersAsync(string logId, CancellationToken cancellationToken) =>
        WalkAsync(new SqliteMemberWalk(logId), cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<Log>> OutlineAsync(string logId, CancellationToken cancellationToken) =>
        WalkAsync(new SqliteMemberWalk(logId, inOutline: true), cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<Log>> BeneathAsync(string logId, CancellationToken cancellationToken) =>
        WalkAsync(new SqliteMemberWalk(logId, withHead: false), cancellationToken);

    public Task<IReadOnlyList<Log>> PathAboveAsync(string logId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<Log> (session) =>
            {
                var path = new List<Log>();
                var seen = new HashSet<string>(StringComparer.Ordinal);
                for (var id = logId; id is not null && seen.Add(id); id = path[^1].ParentId)
                {
                    using var row = session.Prepare(FindLog).Bind(session.SeqOf(id));
                    if (!row.Next())
                        break;
                    path.Add(LogDocument.Read(row.Bytes(1), row.Int(0)));
                }

                return path;
            },
            cancellationToken);

    public Task LabelAsync(IReadOnlyCollection<TraceLabel> labels, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var label in labels)
                {
                    if (session.SeqOf(label.LogId) is { } seq)
                    {
                        session.Prepare(Label)
                            .Bind(seq)
                            .Bind(label.TraceId)
                            .Bind(label.TraceFlowId)
                            .Bind(label.Late)
                            .Run();
                    }
                }
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<string, TraceLabel>> LabelsAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyDictionary<string, TraceLabel> (session) =>
            {
                var labels = new Dictionary<string, TraceLabel>(StringComparer.Ordinal);
                foreach (var id in logIds)
                {
                    using var row = session.Prepare(FindLabel).Bind(session.SeqOf(id));
                    if (row.Next())
                        labels[id] = new TraceLabel(id, row.TextOrNull(0), row.TextOrNull(1), row.Bool(2));
                }

                return labels;
            },
            cancellationToken);

    public Task<IReadOnlySet<string>> StandingAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlySet<string> (session) => ids
                .Where(id => session.Prepare(FindParent).Bind(session.SeqOf(id)).Any())
                .ToHashSet(StringComparer.Ordinal),
            cancellationToken);

    public IAsyncEnumerable<string> CompleteFlowsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(FindComplete, cancellationToken);

    private async IAsyncEnumerable<IReadOnlyList<Log>> WalkAsync(
        SqliteMemberWalk walk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!walk.IsOver)
        {
            if (await database.ReadAsync(walk.NextPage, cancellationToken) is { Count: > 0 } page)
                yield return page;
        }
    }

    private static void Climb(SqliteSession session, string? id, HashSet<string> seen, List<Ancestor> ancestors)
    {
        while (id is not null && seen.Add(id))
        {
            using var row = session.Prepare(FindParent).Bind(session.SeqOf(id));
            if (!row.Next())
                return;
            ancestors.Add(new Ancestor(id, EnumName<LogKind>.Parse(row.Text(0)), row.Bool(2)));
            id = row.TextOrNull(1);
        }
    }
}
