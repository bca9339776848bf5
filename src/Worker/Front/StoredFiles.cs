using Microsoft.AspNetCore.Http;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// The Files that requests ask for. What this front took a moment ago, and no worker has stored yet, is waited for two
/// seconds at most; nothing else is. Throws <see cref="RefusedRequestException"/>, and what the store throws.
/// </summary>
internal sealed class StoredFiles(FileReader reader, RecentFiles recent, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>With the Version that is asked for; where none is, perhaps with none.</summary>
    public async Task<FileView> FindAsync(
        Caller caller,
        LogKind kind,
        string id,
        string? versionId,
        string? environment,
        CancellationToken cancellationToken)
    {
        var isAwaited = recent.Knows(id) || recent.Knows(versionId);
        for (var began = time.GetTimestamp(); ;)
        {
            var view = await reader.ReadAsync(id, versionId, environment, cancellationToken);
            if (view is not null && !caller.MaySee(view.File.File.Path))
                throw Missing(kind, id, versionId, isFile: false);
            if (view is not null && view.File.File.Kind != kind)
                throw NotFound($"There is no {kind} {id}; that is the id of another kind of File");
            if (view is not null && (view.Version is not null || (versionId ?? environment) is null))
                return view;
            if (!isAwaited || time.GetElapsedTime(began) > Patience)
                throw Missing(kind, id, versionId, view is not null);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static RefusedRequestException Missing(LogKind kind, string id, string? versionId, bool isFile) => NotFound(
        !isFile ? $"There is no {kind} {id}; one that was saved or logged a moment ago may not be stored yet"
        : versionId is not null ? $"{kind} {id} has no Version {versionId}"
        : $"{kind} {id} has nothing deployed there");

    private static RefusedRequestException NotFound(string sentence) => new(StatusCodes.Status404NotFound, sentence);
}
