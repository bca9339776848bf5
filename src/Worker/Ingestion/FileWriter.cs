using Worker.Files;
using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>
/// Stores what messages say about Files, and takes up the Logs that waited for it. Free to repeat: a message that comes
/// again changes nothing, and goes on with what a worker that has ended left of it.
/// </summary>
internal sealed class FileWriter(IFileStore files, IMonitoringStore monitorings, LogWriter logs)
{
    /// <summary>On return all of it is durable, and what waited is resolved and woken.</summary>
    /// <returns>How many said nothing that stands.</returns>
    public async Task<int> WriteAsync(IReadOnlyCollection<FileChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
            return 0;
        var unchanged = await AddAsync([.. changes.Where(change => change.File is not null)], cancellationToken);
        foreach (var deployment in changes.Select(change => change.Deployment).OfType<Deployment>())
        {
            if (!await files.DeployAsync(deployment, cancellationToken))
                unchanged++;
        }

        foreach (var change in changes.Where(change => change.Monitorings.Count > 0))
        {
            var isNew = false;
            foreach (var monitoring in change.Monitorings)
                isNew |= await monitorings.SaveAsync(monitoring, cancellationToken);
            unchanged += isNew ? 0 : 1;
        }

        await logs.AppearedAsync([.. changes.SelectMany(change => change.Appears).Distinct()], cancellationToken);
        return unchanged;
    }

    private async Task<int> AddAsync(List<FileChange> saved, CancellationToken cancellationToken)
    {
        if (saved.Count == 0)
            return 0;
        var stored = await files.ReadAsync(
            [.. saved.SelectMany(change => change.Appears).Distinct()], cancellationToken);
        var added = saved.Where(change => !IsStored(stored, change)).ToList();
        if (added.Count > 0)
        {
            await files.AddAsync(
                [.. added.Select(change => change.File!)],
                [.. added.Select(change => change.Version!)],
                cancellationToken);
        }

        return saved.Count - added.Count;
    }

    private static bool IsStored(FileCatalog stored, FileChange change) =>
        stored.Files.TryGetValue(change.File!.Id, out var file) && (file.Path is not null || change.File.Path is null)
        && stored.Versions.ContainsKey(change.Version!.Id);
}
