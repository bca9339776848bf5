using System.Collections.Immutable;
using Worker.Runs;

namespace Worker.Storage.Sqlite;

/// <summary>Runs and decisions as rows, within a transaction of the caller's.</summary>
internal static class SqliteRunRows
{
    private const string Find =
        """
        SELECT log_id, version, state, revision, due, complete, opened_at, digest, begun_at, judged_at, finished_by,
            pins, waiting_for, members, owner, lease_until, watch_version, depth, judged
        FROM runs WHERE log_id = ?
        """;

    private const string ReplaceRun =
        """
        UPDATE runs SET version = version + 1, state = ?, revision = ?, due = ?, complete = ?, opened_at = ?,
            digest = ?, begun_at = ?, judged_at = ?, finished_by = ?, pins = ?, waiting_for = ?, members = ?,
            owner = ?, lease_until = ?, watch_version = ?
        WHERE log_id = ? AND version = ?
        RETURNING seq
        """;

    private const string FindSeq = "SELECT seq FROM runs WHERE log_id = ?";

    private const string ReplaceDecision =
        """
        INSERT INTO decisions (run, revision, evaluator_id, evaluator_version_id, outcome, reason, at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run, revision, evaluator_id) DO UPDATE SET
            evaluator_version_id = excluded.evaluator_version_id, outcome = excluded.outcome,
            reason = excluded.reason, at = excluded.at
        """;

    public const string FindDecisions =
        """
        SELECT log_id, decisions.revision, evaluator_id, evaluator_version_id, outcome, reason, at
        FROM runs CROSS JOIN decisions ON decisions.run = runs.seq
        WHERE log_id = ? ORDER BY decisions.revision, evaluator_id
        """;

    /// <summary>The number of a Log's run; null where it has none.</summary>
    public static long? Seq(SqliteSession session, string logId) => Seq(session.Prepare(FindSeq).Bind(logId));

    /// <summary>The run's number; null when another version is stored, or none.</summary>
    public static long? Replace(SqliteSession session, Run run) => Seq(
        session.Prepare(ReplaceRun)
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
            .Bind(run.Version));

    public static void Decide(SqliteSession session, long run, Decision decision) =>
        session.Prepare(ReplaceDecision)
            .Bind(run)
            .Bind(decision.Revision)
            .Bind(decision.EvaluatorId)
            .Bind(decision.EvaluatorVersionId)
            .Bind(EnumName<Outcome>.Of(decision.Outcome))
            .Bind(decision.Reason)
            .Bind(decision.At)
            .Run();

    public static List<Decision> Decisions(SqliteSession session, string logId) =>
        session.Prepare(FindDecisions).Bind(logId).All(ToDecision);

    public static Run? Read(SqliteSession session, string logId)
    {
        using var row = session.Prepare(Find).Bind(logId);
        return row.Next() ? ToRun(row) : null;
    }

    private static long? Seq(SqliteStatement statement)
    {
        using var row = statement;
        return row.Next() ? row.Long(0) : null;
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
        Depth = row.Int(17),
        JudgedId = row.TextOrNull(18),
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
