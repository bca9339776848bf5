using Worker.Traces;

namespace Worker.Files;

/// <summary>
/// Finds a Log's File and Version, in this order: <c>version_id</c>; what is deployed to <c>version_environment</c>;
/// the inline details; the default deployment; the File's empty version. Asking for what does not exist loses nothing:
/// the Log is unresolved until the thing appears, and says by its key what it waits for.
/// </summary>
internal sealed class VersionRequest
{
    /// <summary>The slot that is a File's default deployment.</summary>
    public const string DefaultEnvironment = "production";

    private readonly VersionIds _ids;
    private readonly LogKind _kind;
    private readonly string? _versionId;
    private readonly string? _environment;
    private readonly JsonValue? _details;

    public VersionRequest(Log log, VersionIds ids)
    {
        _ids = ids;
        _kind = log.Kind;
        _versionId = log.Text(LogFields.VersionId);
        _environment = log.Text(LogFields.VersionEnvironment);
        _details = log[VersionDetails.FieldOf(_kind)];
        var file = log.Path is { } path ? ids.File(_kind, path) : null;
        var given = log.Text(LogFields.FileId) is { Length: > 0 } id ? id : null;
        FileId = given ?? file?.Id;
        File = file is null || given is null ? file : file with { Id = given };
    }

    /// <summary>The File asked for; null when nothing but perhaps a Version names it.</summary>
    public string? FileId { get; }

    /// <summary>The File to add when it is not stored yet; null when its path is not known.</summary>
    public LoggedFile? File { get; }

    /// <summary>What has to be read before <see cref="Resolve"/>; mostly nothing.</summary>
    public IReadOnlyList<CatalogKey> Keys => (AskedFile, AskedVersion) switch
    {
        (null, null) => [],
        ({ } file, null) => [file],
        (null, { } version) => [version],
        ({ } file, { } version) => [file, version],
    };

    private CatalogKey? AskedFile => FileId is not null && File is null ? new FileKey(FileId) : null;

    private CatalogKey? AskedVersion =>
        _versionId is not null ? new VersionKey(_versionId)
        : FileId is null || (_environment is null && _details is not null) ? null
        : new DeploymentKey(FileId, _environment ?? DefaultEnvironment);

    /// <summary>Whether two states of one Log ask for the same: then the first one's resolution stays pinned.</summary>
    public static bool AreSame(Log left, Log right) =>
        left.Kind == right.Kind && LogFields.Requests.All(field => left[field] == right[field]);

    /// <param name="fileExists">Whether that File is stored.</param>
    /// <param name="fileOf">The File of a Version; null when the Version is not stored.</param>
    /// <param name="deployed">The Version of a File in an Environment; null when nothing is deployed there.</param>
    /// <returns>The resolution, and the Version to add when the Log itself brings it.</returns>
    public (Resolution Resolution, FileVersion? Version) Resolve(
        Func<string, bool> fileExists, Func<string, string?> fileOf, Func<DeploymentKey, string?> deployed)
    {
        if (_versionId is not null)
        {
            return fileOf(_versionId) is { } file
                ? (new(file, _versionId, VersionSource.VersionId, null), null)
                : (new(FileId, null, VersionSource.VersionId, new VersionKey(_versionId)), null);
        }

        if (FileId is null)
            return (Resolution.None, null);
        if (File is null && !fileExists(FileId))
            return (new(FileId, null, VersionSource.None, new FileKey(FileId)), null);

        if (_environment is not null)
        {
            var slot = new DeploymentKey(FileId, _environment);
            return deployed(slot) is { } version
                ? (new(FileId, version, VersionSource.Environment, null), null)
                : (new(FileId, null, VersionSource.Environment, slot), null);
        }

        if (_details is { } details)
            return Bring(VersionSource.Inline, details);
        if (deployed(new(FileId, DefaultEnvironment)) is { } standing)
            return (new(FileId, standing, VersionSource.Default, null), null);
        return Bring(VersionSource.Empty, VersionDetails.Empty);
    }

    private (Resolution, FileVersion) Bring(VersionSource source, JsonValue details)
    {
        var version = _ids.Version(_kind, FileId!, details);
        return (new(FileId, version.Id, source, null), version);
    }
}
