using Worker.Runs;

namespace Worker.Storage.Sqlite;

/// <summary>
/// Runs with their timers and decisions. <c>due</c> is computed in C#, inside the write transaction: as everywhere.
/// </summary>
internal sealed class SqliteRunStore(SqliteDatabase database) : IRunStore
{
    /// <summary>Two ends of one index: an OR would read what lies between them, too.</summary>
    internal const string FindDue =
        """
        SELECT log_id, seq, due FROM runs
        WHERE due <= ?1 AND (lease_until IS NULL OR lease_until <= ?1 OR lease_until > ?3)
        UNION ALL
        SELECT log_id, seq, due FROM runs
        WHERE due > ?2 AND (lease_until IS NULL OR lease_until <= ?1 OR lease_until > ?3)
        ORDER BY due LIMIT ?4
        """;

    private const string Open =
        """
        INSERT INTO runs
            (log_id, version, state, revision, due, watch_version, complete, opened_at, pins, depth, judged)
        VALUES (?, 1, ?, 0, ?, 0, ?, ?, '[]', ?, ?)
        """;

    private const string MakeDue = "UPDATE runs SET version = version + 1, due = ?, complete = ? WHERE log_id = ?";

    private const string Claim = "UPDATE runs SET owner = ?, lease_until = ? WHERE seq = ?";

    private const string Backlog =
        "SELECT COUNT(*), MIN(due) FROM (SELECT due FROM runs WHERE due <= ? ORDER BY due LIMIT ?)";

    private const string Renew = "UPDATE runs SET lease_until = ? WHERE log_id = ? AND owner = ?";

    private const string FindLogs = "SELECT log_id FROM runs WHERE log_id > ? ORDER BY log_id LIMIT ?";

    internal const string FindDecided =
        """
        SELECT log_id FROM runs
        WHERE log_id > ? AND EXISTS (SELECT 1 FROM decisions WHERE run = seq) ORDER BY log_id LIMIT ?
        """;

    private const string FindJudged = "SELECT log_id FROM runs WHERE judged = ? ORDER BY log_id";

    /// <summary>A Log, and the verdicts at any depth that have runs of their own.</summary>
    private const string FindGoing =
        """
        WITH RECURSIVE going (id) AS (
            SELECT ?1
            UNION
            SELECT runs.log_id FROM going CROSS JOIN runs INDEXED BY runs_judged ON runs.judged = going.id
        )
        SELECT id FROM going
        """;

    private static readonly IReadOnlyList<string> Drops =
    [
        "DELETE FROM decisions WHERE run = (SELECT seq FROM runs WHERE log_id = ?)",
        "DELETE FROM evaluator_logs WHERE run = (SELECT seq FROM runs WHERE log_id = ?)",
        "DELETE FROM attempts WHERE log_id = ?",
        "DELETE FROM runs WHERE log_id = ?",
    ];

    public Task WakeAsync(
        IReadOnlyCollection<Wake> wakes, WakeTimers timers, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var wake in wakes)
                    Wake(session, wake, timers, now);
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> ClaimDueAsync(
        DateTimeOffset now,
        DateTimeOffset latestDue,
        string owner,
        DateTimeOffset leaseUntil,
        int limit,
        CancellationToken cancellationToken) =>
        database.WriteAsync(
            IReadOnlyList<string> (session) =>
            {
                var due = session.Prepare(FindDue)
                    .Bind(now)
                    .Bind(latestDue)
                    .Bind(Leases.Latest(leaseUntil))
                    .Bind(limit)
                    .All(row => (LogId: row.Text(0), Seq: row.Long(1)));
                foreach (var (_, seq) in due)
                    session.Prepare(Claim).Bind(owner).Bind(leaseUntil).Bind(seq).Run();
                return [.. due.Select(run => run.LogId)];
            },
            cancellationToken);

    public Task RenewAsync(
        string logId, string owner, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(Renew).Bind(leaseUntil).Bind(logId).Bind(owner).Run(), cancellationToken);

    public Task<(long Due, DateTimeOffset? Oldest)> BacklogAsync(
        DateTimeOffset now, int most, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.Prepare(Backlog).Bind(now).Bind(most).All(
                row => (row.Long(0), row.InstantOrNull(1)))[0],
            cancellationToken);

    public Task<Run?> ReadAsync(string logId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => SqliteRunRows.Read(session, logId), cancellationToken);

    public Task<bool> SaveAsync(
        Run run, IReadOnlyCollection<Decision> decisions, CancellationToken cancellationToken) =>
        JudgeAsync(run, run, decisions, [], cancellationToken);

    /// <summary>One transaction: what was only begun is never seen.</summary>
    public Task<bool> JudgeAsync(
        Run begun,
        Run judged,
        IReadOnlyCollection<Decision> decisions,
        IReadOnlyCollection<EvaluatorLog> verdicts,
        CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (SqliteRunRows.Replace(session, judged) is not { } run)
                    return false;
                foreach (var decision in decisions)
                    SqliteRunRows.Decide(session, run, decision);
                foreach (var verdict in verdicts)
                    SqliteEvaluatorLogStore.Write(session, run, verdict);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<Decision>> DecisionsAsync(string logId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<Decision> (session) => SqliteRunRows.Decisions(session, logId), cancellationToken);

    public IAsyncEnumerable<string> LogsWithRunsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(FindLogs, cancellationToken);

    public IAsyncEnumerable<string> LogsWithDecisionsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(FindDecided, cancellationToken);

    public Task<IReadOnlyList<string>> JudgedVerdictsAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<string> (session) =>
            [
                .. logIds.Distinct(StringComparer.Ordinal)
                    .SelectMany(id => session.Prepare(FindJudged).Bind(id).All(row => row.Text(0)))
                    .Order(StringComparer.Ordinal),
            ],
            cancellationToken);

    public Task DropAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var logId in logIds
                    .SelectMany(id => session.Prepare(FindGoing).Bind(id).All(row => row.Text(0))))
                {
                    foreach (var drop in Drops)
                        session.Prepare(drop).Bind(logId).Run();
                }
            },
            cancellationToken);

    private static void Wake(SqliteSession session, Wake wake, WakeTimers timers, DateTimeOffset now)
    {
        if (SqliteRunRows.Read(session, wake.LogId) is not { } run)
        {
            session.Prepare(Open)
                .Bind(wake.LogId)
                .Bind(EnumName<RunState>.Of(RunState.Settling))
                .Bind(timers.Due(now, wake.Complete, revision: 0, openedAt: now))
                .Bind(wake.Complete)
                .Bind(now)
                .Bind(wake.Depth)
                .Bind(wake.JudgedId)
                .Run();
            return;
        }

        var complete = run.Complete || wake.Complete;
        var due = timers.Due(now, complete, run.Revision, run.OpenedAt) ?? run.Due;
        session.Prepare(MakeDue).Bind(due).Bind(complete).Bind(wake.LogId).Run();
    }
}
