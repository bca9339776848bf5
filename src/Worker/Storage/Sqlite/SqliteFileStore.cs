using Worker.Files;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>Files, Versions and deployments.</summary>
internal sealed class SqliteFileStore(SqliteDatabase database, TimeProvider time) : IFileStore
{
    private const string FindFile = "SELECT id, kind, path FROM files WHERE id = ?";
    private const string FindVersion = "SELECT id, file_id, details, from_files FROM versions WHERE id = ?";
    private const string FindWaiting = "SELECT id FROM logs WHERE missing = ? AND id > ? ORDER BY id LIMIT ?";

    private const string FindDeployment =
        """
        SELECT file_id, environment, version_id, stamp FROM deployments
        WHERE key = ? AND version_id IS NOT NULL
        """;

    private const string AddFile =
        """
        INSERT INTO files (id, kind, path, created) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET path = excluded.path WHERE path IS NULL AND excluded.path IS NOT NULL
        """;

    private const string AddVersion =
        """
        INSERT INTO versions (id, file_id, details, from_files, created) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET file_id = excluded.file_id, details = excluded.details, from_files = 1
        WHERE excluded.from_files AND NOT from_files
        """;

    private const string Deploy =
        """
        INSERT INTO deployments (key, file_id, environment, version_id, stamp) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET version_id = excluded.version_id, stamp = excluded.stamp
        WHERE excluded.stamp > stamp
        """;

    public Task<FileCatalog> ReadAsync(IReadOnlyCollection<CatalogKey> keys, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Read(session, keys), cancellationToken);

    public Task AddAsync(
        IReadOnlyCollection<LoggedFile> files,
        IReadOnlyCollection<FileVersion> versions,
        CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var file in files)
                {
                    session.Prepare(AddFile)
                        .Bind(file.Id)
                        .Bind(file.Kind.WireName())
                        .Bind(file.Path)
                        .Bind(time.GetUtcNow())
                        .Run();
                }

                foreach (var version in versions)
                {
                    session.Prepare(AddVersion)
                        .Bind(version.Id)
                        .Bind(version.FileId)
                        .BindUtf8(version.Details.Utf8.Span)
                        .Bind(version.IsFromFiles)
                        .Bind(time.GetUtcNow())
                        .Run();
                }
            },
            cancellationToken);

    public Task<bool> DeployAsync(Deployment deployment, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(Deploy)
                .Bind(CatalogKeyText.Of(deployment.Key))
                .Bind(deployment.FileId)
                .Bind(deployment.Environment)
                .Bind(deployment.VersionId)
                .Bind(ChangeStamp.Of(deployment.OccurredAt, deployment.MessageId))
                .Run() > 0,
            cancellationToken);

    public Task<IReadOnlyList<string>> WaitingForAsync(
        IReadOnlyCollection<CatalogKey> keys, string after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<string> (session) =>
            {
                var waiting = new List<string>();
                foreach (var key in keys.Distinct())
                {
                    var rows = session.Prepare(FindWaiting).Bind(CatalogKeyText.Of(key)).Bind(after).Bind(limit);
                    waiting.AddRange(rows.All(row => row.Text(0)));
                }

                return keys.Count == 1 ? waiting : [.. waiting.Order(Utf8Order.Instance).Take(limit)];
            },
            cancellationToken);

    private static FileCatalog Read(SqliteSession session, IReadOnlyCollection<CatalogKey> keys)
    {
        var files = keys.OfType<FileKey>()
            .SelectMany(key => session.Prepare(FindFile).Bind(key.FileId).All(ToFile));
        var versions = keys.OfType<VersionKey>()
            .SelectMany(key => session.Prepare(FindVersion).Bind(key.VersionId).All(ToVersion));
        var deployments = keys.OfType<DeploymentKey>()
            .SelectMany(key => session.Prepare(FindDeployment).Bind(CatalogKeyText.Of(key)).All(ToDeployment));
        return new FileCatalog(
            files.DistinctBy(file => file.Id).ToDictionary(file => file.Id, StringComparer.Ordinal),
            versions.DistinctBy(version => version.Id).ToDictionary(version => version.Id, StringComparer.Ordinal),
            [.. deployments.Distinct()]);
    }

    /// <summary>Of a row of file, environment, Version and stamp.</summary>
    public static Deployment ToDeployment(SqliteStatement row)
    {
        var (occurredAt, messageId) = ChangeStamp.Parse(row.Text(3));
        return new(row.Text(0), row.Text(1), row.TextOrNull(2)) { OccurredAt = occurredAt, MessageId = messageId };
    }

    public static LoggedFile ToFile(SqliteStatement row) =>
        new(row.Text(0), EnumName<LogKind>.Parse(row.Text(1)), row.TextOrNull(2));

    public static FileVersion ToVersion(SqliteStatement row) =>
        new(row.Text(0), row.Text(1), new JsonValue(row.Bytes(2))) { IsFromFiles = row.Bool(3) };
}
