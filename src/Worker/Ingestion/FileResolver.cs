using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Finds the Files and Versions that Logs ask for, adds those that Logs bring, and resolves what waited for them. What is
/// known to be stored is remembered, so that a chunk of known Versions costs no round trip.
/// </summary>
internal sealed class FileResolver(IFileStore files)
{
    private const int Remembered = 10_000;
    private const int WaitingPage = 500;

    private readonly VersionIds _ids = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Resolves those Logs, and stores the Files and Versions they bring.</summary>
    /// <returns>The keys of what may be new in the store; pass them on to <see cref="ResolveWaitingAsync"/> after the Logs are written.</returns>
    public async Task<IReadOnlyCollection<string>> ResolveAsync(IReadOnlyCollection<LogFold> folds, CancellationToken cancellationToken)
    {
        if (folds.Count == 0)
            return [];

        var requests = folds.Select(fold => (Fold: fold, Request: new VersionRequest(fold.After!, _ids))).ToList();
        var catalog = await ReadAsync(requests.SelectMany(asked => asked.Request.Keys), cancellationToken);
        var newFiles = new Dictionary<string, TraceFile>(StringComparer.Ordinal);
        var newVersions = new Dictionary<string, FileVersion>(StringComparer.Ordinal);
        foreach (var (fold, request) in requests)
        {
            var (resolution, version) = Resolve(request, catalog);
            fold.Resolve(resolution);
            if (request.File is { } file && !IsKnown(VersionRequest.FileKey(file.Id)))
                newFiles.TryAdd(file.Id, file);
            if (version is not null && !IsKnown(VersionRequest.VersionKey(version.Id)))
                newVersions.TryAdd(version.Id, version);
        }

        if (newFiles.Count + newVersions.Count > 0)
            await files.AddAsync(newFiles.Values, newVersions.Values, cancellationToken);
        return [.. newFiles.Keys.Select(VersionRequest.FileKey), .. newVersions.Keys.Select(VersionRequest.VersionKey)];
    }

    /// <summary>
    /// Resolves the stored Logs that wait for one of those keys, and those of <paramref name="unresolved"/>: what they miss may
    /// have appeared between their look-up and their write, and its bringer looked for waiting Logs before they were there.
    /// </summary>
    /// <returns>The Logs that are resolved now: their traces' content has changed.</returns>
    public async Task<IReadOnlyCollection<Log>> ResolveWaitingAsync(
        IReadOnlyCollection<string> appeared, IReadOnlyCollection<string> unresolved, ILogStore logs, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, Log>(StringComparer.Ordinal);
        await ResolveStoredAsync(unresolved, logs, resolved, cancellationToken);
        if (appeared.Count == 0)
            return resolved.Values;

        IReadOnlyList<string> waiting;
        do
        {
            waiting = await files.WaitingForAsync(appeared, WaitingPage, cancellationToken);
            await ResolveStoredAsync(waiting, logs, resolved, cancellationToken);
        }
        while (waiting.Count == WaitingPage);

        // Only now: had the process ended before, the redelivered bringer must look for waiting Logs again.
        Remember(appeared);
        return resolved.Values;
    }

    private async Task ResolveStoredAsync(
        IReadOnlyCollection<string> ids, ILogStore logs, Dictionary<string, Log> resolved, CancellationToken cancellationToken)
    {
        while (ids.Count > 0)
        {
            var stored = await logs.ReadAsync(ids, cancellationToken);
            var requests = stored.Values.Where(log => log.Resolution?.Missing is not null)
                .Select(log => (Log: log, Request: new VersionRequest(log, _ids))).ToList();
            var catalog = await ReadAsync(requests.SelectMany(asked => asked.Request.Keys), cancellationToken);
            var changed = requests
                .Select(asked => asked.Log with { Resolution = Resolve(asked.Request, catalog).Resolution })
                .Where(log => log.Resolution!.Missing is null).ToList();
            var result = changed.Count == 0 ? LogWriteResult.Complete : await logs.WriteAsync(changed, cancellationToken);
            foreach (var log in changed.Where(log => !result.Lost.Contains(log.Id)))
                resolved[log.Id] = log;
            ids = result.Lost;
        }
    }

    private async Task<FileCatalog> ReadAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var distinct = keys.ToHashSet(StringComparer.Ordinal);
        return distinct.Count == 0 ? FileCatalog.Empty : await files.ReadAsync(distinct, cancellationToken);
    }

    private static (Resolution Resolution, FileVersion? Version) Resolve(VersionRequest request, FileCatalog catalog) => request.Resolve(
        fileId => catalog.Files.ContainsKey(fileId),
        versionId => catalog.Versions.GetValueOrDefault(versionId)?.FileId,
        (fileId, environment) => catalog.Deployments
            .FirstOrDefault(deployment => deployment.FileId == fileId && deployment.Environment == environment)?.VersionId);

    private bool IsKnown(string key)
    {
        lock (_lock)
            return _known.Contains(key);
    }

    private void Remember(IReadOnlyCollection<string> keys)
    {
        lock (_lock)
        {
            if (_known.Count + keys.Count > Remembered)
                _known.Clear();
            _known.UnionWith(keys);
        }
    }
}
