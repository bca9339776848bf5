namespace Worker.Storage.Sqlite;

/// <summary>Attempts at messages that came back too often.</summary>
internal sealed class SqlitePoisonStore(SqliteDatabase database) : IPoisonStore
{
    private const string Count =
        "INSERT INTO poison (message_key, attempts) VALUES (?, 1) ON CONFLICT (message_key) DO UPDATE SET attempts = attempts + 1 RETURNING attempts";

    private const string Clear = "DELETE FROM poison WHERE message_key = ?";

    public Task<int> CountAsync(string messageKey, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(Count).Bind(messageKey).All(row => row.Int(0)).Single(), cancellationToken);

    public Task ClearAsync(string messageKey, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(Clear).Bind(messageKey).Run(), cancellationToken);
}
