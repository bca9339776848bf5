using Worker.Runs;

namespace Worker.Storage.Sqlite;

/// <summary>Leases on attempts.</summary>
internal sealed class SqliteAttemptStore(SqliteDatabase database) : IAttemptStore
{
    private const string Take =
        """
        INSERT INTO attempts (id, log_id, owner, until) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (id) DO UPDATE SET owner = ?3, until = ?4 WHERE owner = ?3 OR until <= ?5 OR until > ?6
        """;

    public Task<bool> TryTakeAsync(
        string attemptId,
        string logId,
        string owner,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(Take)
                .Bind(attemptId)
                .Bind(logId)
                .Bind(owner)
                .Bind(until)
                .Bind(now)
                .Bind(Leases.Latest(until))
                .Run() == 1,
            cancellationToken);
}
