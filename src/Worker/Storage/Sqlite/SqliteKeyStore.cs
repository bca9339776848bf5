namespace Worker.Storage.Sqlite;

/// <summary>The front's keys.</summary>
internal sealed class SqliteKeyStore(SqliteDatabase database) : IKeyStore
{
    private const string Add =
        """
        INSERT INTO keys (id, name, hash, roles, path, rate, created_at, revoked_at, max_body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string Find =
        "SELECT id, name, hash, roles, path, rate, created_at, revoked_at, max_body FROM keys ORDER BY created_at, id";

    private const string Revoke =
        "UPDATE keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL RETURNING id";

    public Task AddAsync(ApiKey key, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(Add)
                .Bind(key.Id)
                .Bind(key.Name)
                .Bind(key.Hash)
                .Bind((int)key.Roles)
                .Bind(key.Path)
                .Bind(key.Rate)
                .Bind(key.CreatedAt)
                .Bind(key.RevokedAt)
                .Bind(key.MaxBody)
                .Run(),
            cancellationToken);

    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<ApiKey> (session) => session.Prepare(Find).All(ToKey), cancellationToken);

    public Task<bool> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(Revoke).Bind(id).Bind(at).All(row => row.Text(0)).Count == 1, cancellationToken);

    private static ApiKey ToKey(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        Name = row.Text(1),
        Hash = row.Text(2),
        Roles = (KeyRoles)row.Int(3),
        Path = row.TextOrNull(4),
        Rate = row.IsNull(5) ? null : row.Int(5),
        CreatedAt = row.Instant(6),
        RevokedAt = row.InstantOrNull(7),
        MaxBody = row.IsNull(8) ? null : row.Int(8),
    };
}
