namespace Worker.Storage.Sqlite;

/// <summary>Who shares the file: a worker, and fronts beside it.</summary>
internal sealed class SqliteWorkerStore(SqliteDatabase database) : IWorkerStore
{
    private const string See =
        """
        INSERT OR REPLACE INTO workers (id, host, process_id, version, role, started_at, seen_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """;

    private const string Find =
        """
        SELECT id, host, process_id, version, role, started_at, seen_at FROM workers ORDER BY seen_at DESC, id LIMIT ?
        """;

    private const string Leave = "DELETE FROM workers WHERE id = ?";

    private const string Forget = "DELETE FROM workers WHERE seen_at < ?";

    public Task SeeAsync(SeenWorker worker, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(See)
                .Bind(worker.Id)
                .Bind(worker.Host)
                .Bind(worker.ProcessId)
                .Bind(worker.Version)
                .Bind(worker.Role)
                .Bind(worker.StartedAt)
                .Bind(worker.SeenAt)
                .Run(),
            cancellationToken);

    public Task<IReadOnlyList<SeenWorker>> ListAsync(int most, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<SeenWorker> (session) => session.Prepare(Find).Bind(most).All(ToWorker), cancellationToken);

    public Task LeaveAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(Leave).Bind(id).Run(), cancellationToken);

    public Task ForgetAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(Forget).Bind(until).Run(), cancellationToken);

    private static SeenWorker ToWorker(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        Host = row.Text(1),
        ProcessId = row.Int(2),
        Version = row.Text(3),
        Role = row.Text(4),
        StartedAt = row.Instant(5),
        SeenAt = row.Instant(6),
    };
}
