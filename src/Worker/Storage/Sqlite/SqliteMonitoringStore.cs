using Worker.Files;

namespace Worker.Storage.Sqlite;

/// <summary>Attached Evaluators, one row for each File and Evaluator.</summary>
internal sealed class SqliteMonitoringStore(SqliteDatabase database) : IMonitoringStore
{
    private const string Columns = "file_id, evaluator_id, version_id, environment, active, stamp";

    private const string Save =
        $"""
        INSERT INTO monitorings ({Columns}) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (file_id, evaluator_id) DO UPDATE SET
            version_id = excluded.version_id, environment = excluded.environment, active = excluded.active,
            stamp = excluded.stamp
        WHERE excluded.stamp > stamp
        """;

    private const string FindAll = $"SELECT {Columns} FROM monitorings ORDER BY file_id, evaluator_id";
    private const string FindOfFile = $"SELECT {Columns} FROM monitorings WHERE file_id = ? ORDER BY evaluator_id";

    public Task<bool> SaveAsync(Monitoring monitoring, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Prepare(Save)
            .Bind(monitoring.FileId)
            .Bind(monitoring.EvaluatorId)
            .Bind(monitoring.VersionId)
            .Bind(monitoring.Environment)
            .Bind(monitoring.IsActive)
            .Bind(ChangeStamp.Of(monitoring.OccurredAt, monitoring.MessageId))
            .Run() > 0,
        cancellationToken);

    public Task<IReadOnlyList<Monitoring>> ReadAsync(string? fileId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<Monitoring> (session) => fileId is null
                ? session.Prepare(FindAll).All(ToMonitoring)
                : session.Prepare(FindOfFile).Bind(fileId).All(ToMonitoring),
            cancellationToken);

    private static Monitoring ToMonitoring(SqliteStatement row)
    {
        var (occurredAt, messageId) = ChangeStamp.Parse(row.Text(5));
        return new(row.Text(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3), row.Bool(4))
        {
            OccurredAt = occurredAt, MessageId = messageId,
        };
    }
}
