using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IFileStore
{
    private readonly Dictionary<string, TraceFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileVersion> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Deployment> _deployments = new(StringComparer.Ordinal);

    Task<FileCatalog> IFileStore.ReadAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) => Do(() =>
    {
        var asked = keys.ToHashSet(StringComparer.Ordinal);
        return new FileCatalog(
            _files.Where(file => asked.Contains(VersionRequest.FileKey(file.Key))).ToDictionary(StringComparer.Ordinal),
            _versions.Where(version => asked.Contains(VersionRequest.VersionKey(version.Key))).ToDictionary(StringComparer.Ordinal),
            [.. Pick(_deployments, keys).Values]);
    });

    public Task AddAsync(IReadOnlyCollection<TraceFile> files, IReadOnlyCollection<FileVersion> versions, CancellationToken cancellationToken) => Do(() =>
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
        Do(() => { _deployments[VersionRequest.DeploymentKey(deployment.FileId, deployment.Environment)] = deployment; });

    public Task<IReadOnlyList<string>> WaitingForAsync(IReadOnlyCollection<string> keys, int limit, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<string> () => [.. _logs.Values.Where(log => log.Resolution?.Missing is { } missing && keys.Contains(missing)).Select(log => log.Id).Take(limit)]);
}
