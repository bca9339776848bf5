using System.Collections.Immutable;
using Worker.Evaluation;

namespace Worker.Storage.Sqlite;

/// <summary>Runs with their timers and decisions. <c>due</c> is computed in C#, inside the write transaction: as everywhere.</summary>
internal sealed class SqliteRunStore(SqliteDatabase database) : IRunStore
{
    private const string Find =
        """
        SELECT log_id, version, state, revision, due, complete, opened_at, digest, begun_at, judged_at, finished_by, pins, waiting_for, members, owner,
            lease_until, watch_version
        FROM runs WHERE log_id = ?
        """;

    private const string Open =
        "INSERT INTO runs (log_id, version, state, revision, due, watch_version, complete, opened_at, pins) VALUES (?, 1, ?, 0, ?, 0, ?, ?, '[]')";

    private const string MakeDue = "UPDATE runs SET version = version + 1, due = ?, complete = ? WHERE log_id = ?";

    private const string FindDue =
        "SELECT log_id FROM runs WHERE due <= ?1 AND (lease_until IS NULL OR lease_until <= ?1) ORDER BY due LIMIT ?2";

    private const string Claim = "UPDATE runs SET owner = ?, lease_until = ? WHERE log_id = ?";

    private const string Replace =
        """
        UPDATE runs SET version = version + 1, state = ?, revision = ?, due = ?, complete = ?, opened_at = ?, digest = ?, begun_at = ?, judged_at = ?,
            finished_by = ?, pins = ?, waiting_for = ?, members = ?, owner = ?, lease_until = ?, watch_version = ?
        WHERE log_id = ? AND version = ?
        """;

    private const string Decide =
        """
        INSERT INTO decisions (log_id, revision, evaluator_id, evaluator_version_id, outcome, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (log_id, revision, evaluator_id) DO UPDATE SET
            evaluator_version_id = excluded.evaluator_version_id, outcome = excluded.outcome, reason = excluded.reason, at = excluded.at
        """;

    private const string FindDecisions =
        "SELECT log_id, revision, evaluator_id, evaluator_version_id, outcome, reason, at FROM decisions WHERE log_id = ? ORDER BY revision, evaluator_id";

    private static readonly IReadOnlyList<string> Drops =
        [.. new[] { "runs", "decisions", "attempts", "evaluator_logs" }.Select(table => $"DELETE FROM {table} WHERE log_id = ?")];

    public Task WakeAsync(IReadOnlyCollection<Wake> wakes, WakeTimers timers, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var wake in wakes)
                    Wake(session, wake, timers, now);
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> ClaimDueAsync(DateTimeOffset now, string owner, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(
            IReadOnlyList<string> (session) =>
            {
                var due = session.Prepare(FindDue).Bind(now).Bind(limit).All(row => row.Text(0));
                foreach (var logId in due)
                    session.Prepare(Claim).Bind(owner).Bind(leaseUntil).Bind(logId).Run();
                return due;
            },
            cancellationToken);

    public Task<Run?> ReadAsync(string logId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Read(session, logId), cancellationToken);

    public Task<bool> SaveAsync(Run run, IReadOnlyCollection<Decision> decisions, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (!Save(session, run))
                    return false;
                foreach (var decision in decisions)
                    Save(session, decision);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<Decision>> DecisionsAsync(string logId, CancellationToken cancellationToken) =>
        database.ReadAsync(IReadOnlyList<Decision> (session) => session.Prepare(FindDecisions).Bind(logId).All(ToDecision), cancellationToken);

    public Task DropAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var logId in logIds)
                {
                    foreach (var drop in Drops)
                        session.Prepare(drop).Bind(logId).Run();
                }
            },
            cancellationToken);

    private static void Wake(SqliteSession session, Wake wake, WakeTimers timers, DateTimeOffset now)
    {
        if (Read(session, wake.LogId) is not { } run)
        {
            session.Prepare(Open)
                .Bind(wake.LogId)
                .Bind(EnumName<RunState>.Of(RunState.Settling))
                .Bind(timers.Due(now, wake.Complete, revision: 0, openedAt: now))
                .Bind(wake.Complete)
                .Bind(now)
                .Run();
            return;
        }

        var complete = run.Complete || wake.Complete;
        var due = timers.Due(now, complete, run.Revision, run.OpenedAt) ?? run.Due;
        session.Prepare(MakeDue).Bind(due).Bind(complete).Bind(wake.LogId).Run();
    }

    private static bool Save(SqliteSession session, Run run) =>
        session.Prepare(Replace)
            .Bind(EnumName<RunState>.Of(run.State))
            .Bind(run.Revision)
            .Bind(run.Due)
            .Bind(run.Complete)
            .Bind(run.OpenedAt)
            .Bind(run.Digest)
            .Bind(run.BegunAt)
            .Bind(run.JudgedAt)
            .Bind(run.FinishedBy is { } finishedBy ? EnumName<FinishedBy>.Of(finishedBy) : null)
            .Bind(SqliteJson.Write(run.Pins))
            .Bind(run.WaitingFor)
            .Bind(run.Members is { } members ? SqliteJson.Write(members) : null)
            .Bind(run.Owner)
            .Bind(run.LeaseUntil)
            .Bind(run.WatchVersion)
            .Bind(run.LogId)
            .Bind(run.Version)
            .Run() == 1;

    private static void Save(SqliteSession session, Decision decision) =>
        session.Prepare(Decide)
            .Bind(decision.LogId)
            .Bind(decision.Revision)
            .Bind(decision.EvaluatorId)
            .Bind(decision.EvaluatorVersionId)
            .Bind(EnumName<Outcome>.Of(decision.Outcome))
            .Bind(decision.Reason)
            .Bind(decision.At)
            .Run();

    private static Run? Read(SqliteSession session, string logId)
    {
        using var row = session.Prepare(Find).Bind(logId);
        return row.Next() ? ToRun(row) : null;
    }

    private static Run ToRun(SqliteStatement row) => new()
    {
        LogId = row.Text(0),
        Version = row.Int(1),
        State = EnumName<RunState>.Parse(row.Text(2)),
        Revision = row.Int(3),
        Due = row.InstantOrNull(4),
        Complete = row.Bool(5),
        OpenedAt = row.Instant(6),
        Digest = row.TextOrNull(7),
        BegunAt = row.InstantOrNull(8),
        JudgedAt = row.InstantOrNull(9),
        FinishedBy = row.TextOrNull(10) is { } finishedBy ? EnumName<FinishedBy>.Parse(finishedBy) : null,
        Pins = SqliteJson.Read<ImmutableArray<Pin>>(row.Bytes(11)),
        WaitingFor = row.TextOrNull(12),
        Members = row.BytesOrNull(13) is { } members ? SqliteJson.Read<ImmutableArray<string>>(members.Span) : null,
        Owner = row.TextOrNull(14),
        LeaseUntil = row.InstantOrNull(15),
        WatchVersion = row.Int(16),
    };

    private static Decision ToDecision(SqliteStatement row) => new(
        row.Text(0),
        row.Int(1),
        row.Text(2),
        row.Text(3),
        EnumName<Outcome>.Parse(row.Text(4)),
        row.TextOrNull(5),
        row.Instant(6));
}
