using Worker.Runs;

namespace Worker.Storage.Sqlite;

/// <summary>Verdicts.</summary>
internal sealed class SqliteEvaluatorLogStore(SqliteDatabase database) : IEvaluatorLogStore
{
    private const string Add =
        """
        INSERT INTO evaluator_logs (
            id, run, revision, evaluator_id, evaluator_version_id, path, judgment, error, stdout, start_time, end_time,
            spec, reason, details)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT (run, revision, evaluator_id, id) DO NOTHING
        """;

    public const string Find =
        """
        SELECT id, log_id, verdicts.revision, evaluator_id, evaluator_version_id, path, judgment, error, stdout,
            start_time, end_time, spec, reason, details
        FROM runs CROSS JOIN evaluator_logs AS verdicts ON verdicts.run = runs.seq
        WHERE log_id = ? ORDER BY verdicts.revision, evaluator_id
        """;

    public const string FindJudged =
        """
        SELECT log_id FROM runs
        WHERE log_id > ? AND EXISTS (SELECT 1 FROM evaluator_logs WHERE run = seq) ORDER BY log_id LIMIT ?
        """;

    /// <summary>A walk through the smallest index that holds ids: nobody else asks for one by its id alone.</summary>
    private const string FindById =
        "SELECT log_id FROM evaluator_logs CROSS JOIN runs ON runs.seq = evaluator_logs.run WHERE id = ?";

    public Task AddAsync(IReadOnlyCollection<EvaluatorLog> logs, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var log in logs)
                {
                    if (SqliteRunRows.Seq(session, log.LogId) is { } run)
                        Write(session, run, log);
                }
            },
            cancellationToken);

    public Task<IReadOnlyList<EvaluatorLog>> ReadAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<EvaluatorLog> (session) =>
                [.. logIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).SelectMany(
                    id => session.Prepare(Find).Bind(id).All(ToLog))],
            cancellationToken);

    public Task<string?> JudgedByAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.Prepare(FindById).Bind(id).All(row => row.Text(0)).FirstOrDefault(), cancellationToken);

    public IAsyncEnumerable<string> LogsWithVerdictsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(FindJudged, cancellationToken);

    /// <summary>Within a transaction of the caller's.</summary>
    /// <param name="run">The number of the run of its Log.</param>
    public static void Write(SqliteSession session, long run, EvaluatorLog log) =>
        session.Prepare(Add)
            .Bind(log.Id)
            .Bind(run)
            .Bind(log.Revision)
            .Bind(log.EvaluatorId)
            .Bind(log.EvaluatorVersionId)
            .Bind(log.Path)
            .Bind(log.Judgment)
            .Bind(log.Error)
            .Bind(log.Stdout)
            .Bind(log.StartTime)
            .Bind(log.EndTime)
            .Bind(log.Spec)
            .Bind(log.Reason)
            .Bind(log.Details)
            .Run();

    private static EvaluatorLog ToLog(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        LogId = row.Text(1),
        Revision = row.Int(2),
        EvaluatorId = row.Text(3),
        EvaluatorVersionId = row.Text(4),
        Path = row.Text(5),
        Judgment = row.JsonOrNull(6),
        Error = row.TextOrNull(7),
        Stdout = row.TextOrNull(8),
        StartTime = row.Instant(9),
        EndTime = row.Instant(10),
        Spec = row.JsonOrNull(11),
        Reason = row.TextOrNull(12),
        Details = row.JsonOrNull(13),
    };
}
