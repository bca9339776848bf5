namespace Worker.Storage.Sqlite;

/// <summary>What people want kept.</summary>
internal sealed class SqlitePinStore(SqliteDatabase database) : IPinStore
{
    private const string Pin = "INSERT INTO pins (log_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING";

    private const string Unpin = "DELETE FROM pins WHERE log_id = ?";

    private const string Find = "SELECT log_id, at FROM pins ORDER BY at, log_id";

    private const string Has = "SELECT 1 FROM pins WHERE log_id = ?";

    public Task<bool> PinAsync(TracePin pin, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(Pin).Bind(pin.LogId).Bind(pin.At).Run() == 1, cancellationToken);

    public Task<bool> UnpinAsync(string logId, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(Unpin).Bind(logId).Run() == 1, cancellationToken);

    public Task<IReadOnlyList<TracePin>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<TracePin> (session) =>
                session.Prepare(Find).All(row => new TracePin(row.Text(0), row.Instant(1))),
            cancellationToken);

    public Task<bool> AnyAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => logIds.Any(id => session.Prepare(Has).Bind(id).Any()), cancellationToken);
}
