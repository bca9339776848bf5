namespace Worker.Storage.Sqlite;

/// <summary>Attempts at messages that are tried with care.</summary>
internal sealed class SqlitePoisonStore(SqliteDatabase database) : IPoisonStore
{
    private const string Find = "SELECT attempts FROM poison WHERE message_key = ?";

    private const string Count =
        """
        INSERT INTO poison (message_key, attempts) VALUES (?, 1)
        ON CONFLICT (message_key) DO UPDATE SET attempts = attempts + 1 RETURNING attempts
        """;

    private const string Clear = "DELETE FROM poison WHERE message_key = ?";

    public Task<IReadOnlyDictionary<string, int>> ReadAsync(
        IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyDictionary<string, int> (session) => Attempts(session, Find, messageKeys), cancellationToken);

    public Task<IReadOnlyDictionary<string, int>> CountAsync(
        IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken) =>
        database.WriteAsync(
            IReadOnlyDictionary<string, int> (session) => Attempts(session, Count, messageKeys), cancellationToken);

    public Task ClearAsync(IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var key in messageKeys)
                    session.Prepare(Clear).Bind(key).Run();
            },
            cancellationToken);

    private static Dictionary<string, int> Attempts(SqliteSession session, string sql, IReadOnlyCollection<string> keys)
    {
        var attempts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            foreach (var count in session.Prepare(sql).Bind(key).All(row => row.Int(0)))
                attempts[key] = count;
        }

        return attempts;
    }
}
