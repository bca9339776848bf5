using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IFileStore
{
    private readonly Dictionary<string, LoggedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileVersion> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<DeploymentKey, string> _deployments = [];

    Task<FileCatalog> IFileStore.ReadAsync(IReadOnlyCollection<CatalogKey> keys, CancellationToken cancellationToken) => Do(() => new FileCatalog(
        Pick(_files, keys.OfType<FileKey>().Select(key => key.FileId)),
        Pick(_versions, keys.OfType<VersionKey>().Select(key => key.VersionId)),
        [.. keys.OfType<DeploymentKey>().Where(_deployments.ContainsKey).Select(
            key => new Deployment(key.FileId, key.Environment, _deployments[key]))]));

    public Task AddAsync(IReadOnlyCollection<LoggedFile> files, IReadOnlyCollection<FileVersion> versions, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var file in files)
        {
            if (!_files.TryAdd(file.Id, file) && _files[file.Id].Path is null)
                _files[file.Id] = _files[file.Id] with { Path = file.Path };
        }

        foreach (var version in versions)
            _versions.TryAdd(version.Id, version);
    });

    public Task DeployAsync(Deployment deployment, CancellationToken cancellationToken) =>
        Do(() => { _deployments[deployment.Key] = deployment.VersionId; });

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
