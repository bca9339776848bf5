using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Writes the Logs of a chunk, and takes up those that waited for the Files and Versions that it brought.
/// </summary>
internal sealed class LogWriter(FoldWriter writer, IFileStore files, FileResolver resolver, TraceWaker waker)
{
    /// <summary>Waiting Logs that are held at once, whole.</summary>
    private const int Page = 200;

    /// <summary>
    /// On return the folds' Logs are durable, and what waited for what they brought is resolved and woken. Each Log
    /// occurs in one fold; a fold whose document is too large for the store comes back as one fold a message, so that
    /// only the message that made it so is refused.
    /// </summary>
    /// <returns>
    /// The folds as they were written, and those of their Logs that were resolved after that, because what they waited
    /// for came meanwhile. The traces of both are the caller's to wake.
    /// </returns>
    public async Task<(IReadOnlyList<LogFold> Folds, IReadOnlyCollection<Log> Resolved)> WriteAsync(
        IReadOnlyCollection<LogFold> folds, CancellationToken cancellationToken)
    {
        var written = await writer.WriteAsync(folds, cancellationToken);
        await AppearedAsync(written.Appeared, cancellationToken);
        return (written.Folds, [.. written.Again.Select(fold => fold.After).OfType<Log>()]);
    }

    /// <summary>
    /// Takes up every Log that waits for one of those things, and wakes its traces. To be called when the things are
    /// durable, e.g. after <see cref="IFileStore.DeployAsync"/>. Free to repeat, and to be repeated when it throws or
    /// its process ends: then it goes on with what was left.
    /// </summary>
    public Task AppearedAsync(IReadOnlyCollection<CatalogKey> things, CancellationToken cancellationToken) =>
        TakeUpAsync(things, [], cancellationToken);

    /// <summary>
    /// Page by page, each once: what is written from now on sees by itself that the things are there. What a page
    /// brings is taken up before the next page.
    /// </summary>
    /// <param name="underWay">What is being taken up already: nothing goes round in circles.</param>
    private async Task TakeUpAsync(
        IReadOnlyCollection<CatalogKey> things, HashSet<CatalogKey> underWay, CancellationToken cancellationToken)
    {
        var keys = things.Where(underWay.Add).ToList();
        if (keys.Count == 0)
            return;

        IReadOnlyList<string> page = [];
        do
        {
            page = await files.WaitingForAsync(keys, page.Count == 0 ? "" : page[^1], Page, cancellationToken);
            if (page.Count > 0)
                await TakeUpAsync(page, underWay, cancellationToken);
        }
        while (page.Count == Page);

        resolver.Remember(keys);
        underWay.ExceptWith(keys);
    }

    private async Task TakeUpAsync(
        IReadOnlyList<string> logIds, HashSet<CatalogKey> underWay, CancellationToken cancellationToken)
    {
        var folds = logIds.Select(id => new LogFold(id, []) { IsTakenUp = true }).ToList();
        var written = await writer.WriteAsync(folds, cancellationToken);
        await TakeUpAsync(written.Appeared, underWay, cancellationToken);
        var resolved = written.Folds.Concat(written.Again).Select(fold => fold.Stored).OfType<Log>()
            .Where(log => log.Resolution is { IsOwedAWake: true }).ToList();
        if (resolved.Count == 0)
            return;

        // Last: until then they are found as waiting, so that whoever repeats this after a crash finds them again, what
        // they have brought, and their traces.
        await waker.WakeAsync(resolved, cancellationToken);
        await writer.LetGoAsync(resolved, cancellationToken);
    }
}
