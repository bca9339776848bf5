using Worker.Files;
using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IFileListing
{
    public Task<(IReadOnlyList<StoredFile> Files, long Total)> ListAsync(
        FileQuery query, int skip, int take, CancellationToken cancellationToken) =>
        Do<(IReadOnlyList<StoredFile>, long)>(() =>
        {
            var found = _files.Values.Where(file => Matches(query, file)).ToList();
            var sorted = query.ByPath
                ? found.OrderBy(file => file.Path ?? "", Utf8Order.Instance).ThenBy(file => file.Id, StringComparer.Ordinal)
                : found.OrderBy(file => _added[file.Id]).ThenBy(file => file.Id, StringComparer.Ordinal);
            var all = query.Descending ? sorted.Reverse() : sorted;
            return ([.. all.Skip(skip).Take(take).Select(file => new StoredFile(file, _added[file.Id]))], found.Count);
        });

    public Task<StoredFile?> FindAsync(string fileId, CancellationToken cancellationToken) =>
        Do(() => _files.TryGetValue(fileId, out var file) ? new StoredFile(file, _added[fileId]) : null);

    public Task<IReadOnlyList<StoredVersion>> VersionsAsync(
        string fileId, string? versionId, int skip, int take, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<StoredVersion> () =>
        [
            .. _versions.Values
                .Where(version => version.FileId == fileId && (versionId is null || version.Id == versionId))
                .OrderByDescending(version => _added[version.Id]).ThenByDescending(version => version.Id, StringComparer.Ordinal)
                .Skip(skip).Take(take)
                .Select(version => new StoredVersion(version, _added[version.Id])),
        ]);

    public Task<IReadOnlyList<Deployment>> DeploymentsAsync(string fileId, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<Deployment> () =>
        [
            .. _deployments.Values.Where(deployment => deployment.FileId == fileId && deployment.VersionId is not null)
                .OrderBy(deployment => deployment.Environment, Utf8Order.Instance),
        ]);

    private bool Matches(FileQuery query, LoggedFile file) =>
        query.Kinds.Contains(file.Kind)
        && (query.Name is not { } name || file.Path?.Contains(name, StringComparison.OrdinalIgnoreCase) == true)
        && (query.Folder is not { } folder || (file.Path + "/").StartsWith(folder + "/", StringComparison.Ordinal))
        && (query.Path is not { } path || file.Path == path)
        && (query.Environment is not { } environment
            || _deployments.GetValueOrDefault(new(file.Id, environment)) is { VersionId: not null });
}
