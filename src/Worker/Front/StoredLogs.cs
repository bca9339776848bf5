using Microsoft.AspNetCore.Http;
using Worker.Errors;
using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// What the store knows of a Log that somebody logs. Nobody waits long for it, and nothing depends on it: a store that
/// does not answer is one that knows nothing.
/// </summary>
internal sealed class StoredLogs(ILogStore logs, IFileStore files, Outage outage, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly VersionIds _ids = new();
    private long _pausesUntil;

    /// <summary>What a store throws that cannot be asked.</summary>
    public static bool IsFault(Exception exception) => exception is StoreUnavailableException
        or StoreUnusableException or StoreUnexpectedException or OperationCanceledException;

    /// <summary>Null where it is not stored, or nobody can say.</summary>
    public async Task<Log?> FindAsync(string logId) =>
        (await AskAsync(token => logs.ReadAsync([logId], token)))?.GetValueOrDefault(logId);

    /// <summary>
    /// The path of a stored Log's File; null where that has none, or the Log is not stored. For those who may not see
    /// every File: a store that does not answer throws.
    /// </summary>
    public async Task<string?> PathOfAsync(string logId)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        if ((await logs.ReadAsync([logId], patience.Token)).GetValueOrDefault(logId) is not { } log)
            return null;
        if (log.Resolution?.FileId is not { } id)
            return log.Path;
        var catalog = await files.ReadAsync([new FileKey(id)], patience.Token);
        return catalog.Files.GetValueOrDefault(id)?.Path ?? log.Path;
    }

    /// <summary>
    /// A caller who is confined to some Files is told of no other Log that it is there. Throws
    /// <see cref="RefusedRequestException"/>, and as <see cref="PathOfAsync"/>.
    /// </summary>
    public async Task MustBeSeenAsync(string logId, Caller caller)
    {
        if (caller.IsConfined && !caller.MaySee(await PathOfAsync(logId)))
            throw Unknown(logId);
    }

    public static RefusedRequestException Unknown(string logId) => new(
        StatusCodes.Status404NotFound,
        $"There is no Log {logId}; one that was logged a moment ago may not be stored yet");

    /// <summary>Throws where the store does not answer.</summary>
    public async Task<bool> ExistsAsync(string logId)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        return (await logs.ReadAsync([logId], patience.Token)).ContainsKey(logId);
    }

    /// <summary>With the File and Version that the worker will find, as far as is known now.</summary>
    /// <param name="known">As it is stored; null where it is not.</param>
    public async Task<TakenLog> ResolveAsync(Log log, Log? known)
    {
        var request = new VersionRequest(log, _ids);
        var catalog = request.Keys is { Count: > 0 } keys
            ? await AskAsync(token => files.ReadAsync(keys, token)) ?? FileCatalog.Empty
            : FileCatalog.Empty;
        var (resolution, version) = request.Resolve(
            catalog.Files.ContainsKey,
            id => catalog.Versions.GetValueOrDefault(id)?.FileId,
            slot => catalog.Deployments.FirstOrDefault(deployed => deployed.Key == slot)?.VersionId);
        var pinned = known?.Resolution is { } standing && VersionRequest.AreSame(known, log) ? standing : resolution;
        return new(log with { Resolution = pinned }, With(catalog, request.File, version));
    }

    /// <summary>Null where it does not answer, and then for a while without asking.</summary>
    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> question)
        where T : class
    {
        if (time.GetTimestamp() < Volatile.Read(ref _pausesUntil))
            return null;
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var answer = await question(patience.Token);
            outage.Read();
            return answer;
        }
        catch (Exception exception) when (IsFault(exception))
        {
            var pause = (long)(Pause.TotalSeconds * time.TimestampFrequency);
            Volatile.Write(ref _pausesUntil, time.GetTimestamp() + pause);
            outage.Unread(exception.Message);
            return null;
        }
    }

    private static FileCatalog With(FileCatalog catalog, LoggedFile? file, FileVersion? version)
    {
        if (file is null && version is null)
            return catalog;
        var (all, versions) = (catalog.Files.ToDictionary(), catalog.Versions.ToDictionary());
        if (file is not null)
            all.TryAdd(file.Id, file);
        if (version is not null)
            versions.TryAdd(version.Id, version);
        return catalog with { Files = all, Versions = versions };
    }
}
