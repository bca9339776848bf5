using System.Runtime.CompilerServices;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>
/// Traces. Upward one look-up a Log, which ends where an earlier path went: a chunk's paths mostly meet in a few heads.
/// Downward one look-up for the children of each (see <see cref="SqliteMemberWalk"/>).
/// </summary>
internal sealed class SqliteTraceStore(SqliteDatabase database) : ITraceStore
{
    private const string FindParent = "SELECT kind, parent, complete FROM logs WHERE id = ? AND deleted_at IS NULL";

    private const string FindLog = "SELECT version, document FROM logs WHERE id = ? AND deleted_at IS NULL";

    private const string Label =
        """
        UPDATE logs SET trace_id = ?1, trace_flow_id = ?2, late = ?3
        WHERE id = ?4 AND (trace_id IS NOT ?1 OR trace_flow_id IS NOT ?2 OR late IS NOT ?3)
        """;

    private const string FindLabel = "SELECT trace_id, trace_flow_id, late FROM logs WHERE id = ? AND late IS NOT NULL";

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

    public async IAsyncEnumerable<IReadOnlyList<Log>> MembersAsync(
        string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var walk = new SqliteMemberWalk(logId);
        while (!walk.IsOver)
        {
            if (await database.ReadAsync(walk.NextPage, cancellationToken) is { Count: > 0 } page)
                yield return page;
        }
    }

    public Task<IReadOnlyList<Log>> PathAboveAsync(string logId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<Log> (session) =>
            {
                var path = new List<Log>();
                var seen = new HashSet<string>(StringComparer.Ordinal);
                for (var id = logId; id is not null && seen.Add(id); id = path[^1].ParentId)
                {
                    using var row = session.Prepare(FindLog).Bind(id);
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
                    session.Prepare(Label).Bind(label.TraceId).Bind(label.TraceFlowId).Bind(label.Late).Bind(label.LogId).Run();
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
                    using var row = session.Prepare(FindLabel).Bind(id);
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
                .Where(id => session.Prepare(FindParent).Bind(id).All(_ => true).Count > 0)
                .ToHashSet(StringComparer.Ordinal),
            cancellationToken);

    public IAsyncEnumerable<string> CompleteFlowsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(FindComplete, cancellationToken);

    private static void Climb(SqliteSession session, string? id, HashSet<string> seen, List<Ancestor> ancestors)
    {
        while (id is not null && seen.Add(id))
        {
            using var row = session.Prepare(FindParent).Bind(id);
            if (!row.Next())
                return;
            ancestors.Add(new Ancestor(id, EnumName<LogKind>.Parse(row.Text(0)), row.Bool(2)));
            id = row.TextOrNull(1);
        }
    }
}
