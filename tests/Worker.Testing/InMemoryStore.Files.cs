using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IFileStore
{
    private readonly Dictionary<string, LoggedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileVersion> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<DeploymentKey, Deployment> _deployments = [];
    private readonly Dictionary<string, DateTimeOffset> _added = new(StringComparer.Ordinal);

    Task<FileCatalog> IFileStore.ReadAsync(IReadOnlyCollection<CatalogKey> keys, CancellationToken cancellationToken) => Do(() => new FileCatalog(
        Pick(_files, keys.OfType<FileKey>().Select(key => key.FileId)),
        Pick(_versions, keys.OfType<VersionKey>().Select(key => key.VersionId)),
        [.. keys.OfType<DeploymentKey>().Select(key => _deployments.GetValueOrDefault(key)).OfType<Deployment>()
            .Where(deployment => deployment.VersionId is not null)]));

    public Task AddAsync(IReadOnlyCollection<LoggedFile> files, IReadOnlyCollection<FileVersion> versions, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var file in files)
        {
            _added.TryAdd(file.Id, TimeProvider.System.GetUtcNow());
            if (!_files.TryAdd(file.Id, file) && _files[file.Id].Path is null)
                _files[file.Id] = _files[file.Id] with { Path = file.Path };
        }

        foreach (var version in versions)
        {
            _added.TryAdd(version.Id, TimeProvider.System.GetUtcNow());
            if (!_versions.TryAdd(version.Id, version) && version.IsFromFiles && !_versions[version.Id].IsFromFiles)
                _versions[version.Id] = version;
        }
    });

    public Task<bool> DeployAsync(Deployment deployment, CancellationToken cancellationToken) => Do(() =>
    {
        if (_deployments.TryGetValue(deployment.Key, out var standing) && !deployment.IsLaterThan(standing))
            return false;
        _deployments[deployment.Key] = deployment;
        return true;
    });

    public Task<IReadOnlyList<string>> WaitingForAsync(
        IReadOnlyCollection<CatalogKey> keys, string after, int limit, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<string> () =>
        [
            .. _logs.Values
                .Where(log => log.Resolution?.Missing is { } missing && keys.Contains(missing))
                .Select(log => log.Id)
                .Where(id => Utf8Order.Instance.Compare(id, after) > 0)
                .Order(Utf8Order.Instance)
                .Take(limit),
        ]);
}
