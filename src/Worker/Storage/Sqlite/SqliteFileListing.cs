using Worker.Files;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>Files, Versions and deployments as lists.</summary>
internal sealed class SqliteFileListing(SqliteDatabase database) : IFileListing
{
    public const string FindFile = "SELECT id, kind, path, created FROM files WHERE id = ?";

    public const string FindVersions =
        """
        SELECT id, file_id, details, from_files, created FROM versions WHERE file_id = ?
        ORDER BY created DESC, rowid DESC LIMIT ? OFFSET ?
        """;

    public const string FindVersion =
        "SELECT id, file_id, details, from_files, created FROM versions WHERE id = ? AND file_id = ?";

    public const string FindDeployments =
        "SELECT file_id, environment, version_id, stamp FROM deployments WHERE file_id = ? AND version_id IS NOT NULL";

    private const string Matching =
        """
        FROM files
        WHERE instr(?1, ',' || kind || ',')
            AND (?2 IS NULL OR instr(lower(path), lower(?2)))
            AND (?3 IS NULL OR path = ?3 OR substr(path, 1, length(?3) + 1) = ?3 || '/')
            AND (?4 IS NULL OR path = ?4)
            AND (?5 IS NULL OR EXISTS (
                SELECT 1 FROM deployments
                WHERE deployments.file_id = files.id AND environment = ?5 AND version_id IS NOT NULL))
        """;

    public Task<(IReadOnlyList<StoredFile> Files, long Total)> ListAsync(
        FileQuery query, int skip, int take, CancellationToken cancellationToken) =>
        database.ReadAsync<(IReadOnlyList<StoredFile>, long)>(
            session =>
            {
                var (column, direction) = (query.ByPath ? "path" : "created", query.Descending ? "DESC" : "ASC");
                var page =
                    $"""
                    SELECT id, kind, path, created {Matching}
                    ORDER BY {column} {direction}, id {direction} LIMIT ?6 OFFSET ?7
                    """;
                var files = Bind(session.Prepare(page), query).Bind(take).Bind(skip).All(ToFile);
                using var total = Bind(session.Prepare("SELECT count(*) " + Matching), query);
                total.Next();
                return (files, total.Long(0));
            },
            cancellationToken);

    public Task<StoredFile?> FindAsync(string fileId, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Prepare(FindFile).Bind(fileId).All(ToFile).FirstOrDefault(), cancellationToken);

    public Task<IReadOnlyList<StoredVersion>> VersionsAsync(
        string fileId, string? versionId, int skip, int take, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<StoredVersion> (session) => versionId is null
                ? session.Prepare(FindVersions).Bind(fileId).Bind(take).Bind(skip).All(ToVersion)
                : session.Prepare(FindVersion).Bind(versionId).Bind(fileId).All(ToVersion),
            cancellationToken);

    public Task<IReadOnlyList<Deployment>> DeploymentsAsync(string fileId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<Deployment> (session) =>
            [
                .. session.Prepare(FindDeployments).Bind(fileId).All(SqliteFileStore.ToDeployment)
                    .OrderBy(deployment => deployment.Environment, Utf8Order.Instance),
            ],
            cancellationToken);

    private static SqliteStatement Bind(SqliteStatement statement, FileQuery query) => statement
        .Bind($",{string.Join(',', query.Kinds.Select(kind => kind.WireName()))},")
        .Bind(query.Name)
        .Bind(query.Folder)
        .Bind(query.Path)
        .Bind(query.Environment);

    private static StoredFile ToFile(SqliteStatement row) =>
        new(SqliteFileStore.ToFile(row), row.Instant(3));

    private static StoredVersion ToVersion(SqliteStatement row) =>
        new(SqliteFileStore.ToVersion(row), row.Instant(4));
}
