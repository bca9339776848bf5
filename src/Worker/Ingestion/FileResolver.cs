using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Finds the Files and Versions that Logs ask for, and adds those that Logs bring. What is known to be stored is
/// remembered, so that a chunk of known Versions costs no round trip.
/// </summary>
internal sealed class FileResolver(IFileStore files)
{
    private const int Remembered = 10_000;

    private readonly VersionIds _ids = new();
    private readonly HashSet<CatalogKey> _known = [];
    private readonly Lock _lock = new();

    /// <summary>Resolves those Logs, and stores the Files and Versions they bring.</summary>
    /// <returns>
    /// Their resolutions, in the order of the Logs, and what may be new in the store: what waits for it is taken up
    /// after the Logs are written, and then <see cref="Remember"/> is called.
    /// </returns>
    public async Task<(IReadOnlyList<Resolution> Resolutions, IReadOnlyCollection<CatalogKey> Appeared)> ResolveAsync(
        IReadOnlyCollection<Log> logs, CancellationToken cancellationToken)
    {
        if (logs.Count == 0)
            return ([], []);

        var requests = logs.Select(log => new VersionRequest(log, _ids)).ToList();
        var catalog = await ReadAsync([.. requests.SelectMany(request => request.Keys)], cancellationToken);
        var deployed = catalog.Deployments.ToDictionary(slot => slot.Key, slot => slot.VersionId);
        Func<string, bool> fileExists = catalog.Files.ContainsKey;
        Func<string, string?> fileOf = versionId => catalog.Versions.GetValueOrDefault(versionId)?.FileId;
        Func<DeploymentKey, string?> versionAt = deployed.GetValueOrDefault;
        var resolved = requests.ConvertAll(request => request.Resolve(fileExists, fileOf, versionAt));

        var newFiles = New(requests.Select(request => request.File), file => new FileKey(file.Id));
        var newVersions = New(resolved.Select(found => found.Version), version => new VersionKey(version.Id));
        if (newFiles.Count + newVersions.Count > 0)
            await files.AddAsync(newFiles.Values, newVersions.Values, cancellationToken);
        return (resolved.ConvertAll(found => found.Resolution), [.. newFiles.Keys, .. newVersions.Keys]);
    }

    /// <summary>
    /// What those stored Logs have brought or found, as far as it is not known to be taken up: whoever brought it may
    /// have ended between their write and that.
    /// </summary>
    public IReadOnlyCollection<CatalogKey> BroughtBy(IEnumerable<Log> logs)
    {
        var brought = new HashSet<CatalogKey>();
        foreach (var log in logs)
        {
            if (new VersionRequest(log, _ids).File is { } file)
                brought.Add(new FileKey(file.Id));
            if (log.Resolution?.VersionId is { } versionId)
                brought.Add(new VersionKey(versionId));
        }

        lock (_lock)
            brought.ExceptWith(_known);
        return brought;
    }

    /// <summary>
    /// Those are stored, and what waited for them is taken up. Not before: had the process ended in between, the
    /// redelivered message that brings them must look for what waits again.
    /// </summary>
    public void Remember(IReadOnlyCollection<CatalogKey> keys)
    {
        lock (_lock)
        {
            if (_known.Count + keys.Count > Remembered)
                _known.Clear();
            _known.UnionWith(keys);
        }
    }

    private Task<FileCatalog> ReadAsync(HashSet<CatalogKey> keys, CancellationToken cancellationToken) =>
        keys.Count == 0 ? Task.FromResult(FileCatalog.Empty) : files.ReadAsync(keys, cancellationToken);

    private Dictionary<CatalogKey, T> New<T>(IEnumerable<T?> brought, Func<T, CatalogKey> keyOf)
        where T : class
    {
        var found = new Dictionary<CatalogKey, T>();
        lock (_lock)
        {
            // Most Logs of a chunk bring one and the same object: see VersionIds.
            foreach (var item in brought.OfType<T>().Distinct<T>(ReferenceEqualityComparer.Instance))
            {
                if (keyOf(item) is var key && !_known.Contains(key))
                    found.TryAdd(key, item);
            }
        }

        return found;
    }
}
