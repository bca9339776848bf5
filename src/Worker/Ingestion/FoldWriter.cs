using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Read, merge, resolve, write with a version check, in bulk: nobody else writes Logs. New Logs are written without
/// being read; only a Log whose race was lost, that of being new included, is read and merged again. The store is asked
/// four times at most, for a read and a write each of Logs and of Files; more often where a race is lost, a document is
/// too large, or a Log waits for a File or a Version.
/// </summary>
internal sealed class FoldWriter(ILogStore logs, FileResolver resolver)
{
    private static readonly IReadOnlyDictionary<string, Log> Nothing = new Dictionary<string, Log>();

    private static readonly Refusal TooLarge = new(
        RefusalReason.TooLarge,
        null,
        "Merged with what is stored of its Log, the message makes a document larger than the store takes; " +
        "send less, or under another log_id.");

    /// <summary>
    /// On return the folds' Logs are durable. Each Log occurs in one fold; a fold whose document is too large for the
    /// store comes back as one fold a message, so that only the message that made it so is refused.
    /// </summary>
    public async Task<WrittenFolds> WriteAsync(IReadOnlyCollection<LogFold> folds, CancellationToken cancellationToken)
    {
        var written = new WrittenFolds();
        await RaceAsync(folds, written.Folds, written.Appeared, cancellationToken);

        // A message that is delivered again asks for nothing, and whoever had it first may have ended before what
        // waited for what it brought was taken up.
        var repeated = written.Folds.Where(fold => !fold.Asks).Select(fold => fold.After).OfType<Log>();
        written.Appeared.UnionWith(resolver.BroughtBy(repeated.Where(log => !log.IsDeleted)));
        await LookAgainAsync(written, cancellationToken);
        return written;
    }

    /// <summary>
    /// The traces of those Logs are woken: they are no longer found as waiting. A race that is lost here is lost to a
    /// message, whose chunk wakes them as well, or to another worker who has done the same.
    /// </summary>
    public Task LetGoAsync(IReadOnlyCollection<Log> woken, CancellationToken cancellationToken) =>
        logs.WriteAsync([.. woken.Select(log => log with { Resolution = log.Resolution!.Woken() })], cancellationToken);

    private async Task RaceAsync(
        IReadOnlyCollection<LogFold> folds,
        List<LogFold> written,
        HashSet<CatalogKey> appeared,
        CancellationToken cancellationToken)
    {
        var pending = folds;
        for (var first = true; pending.Count > 0; first = false)
        {
            // Most Logs are new, and their write tells when one is not: only then is it read.
            var unknown = first ? pending.Where(fold => !fold.IsProbablyNew) : pending;
            var stored = await ReadAsync([.. unknown.Select(fold => fold.LogId)], cancellationToken);
            foreach (var fold in pending)
                fold.Apply(stored.GetValueOrDefault(fold.LogId));
            await ResolveAsync([.. pending.Where(fold => fold.Asks)], appeared, cancellationToken);

            var changed = pending.Where(fold => fold.IsChanged).Select(fold => fold.After!).ToList();
            var result = changed.Count == 0
                ? LogWriteResult.Complete
                : await logs.WriteAsync(changed, cancellationToken);
            var tooLarge = Among(pending, result.TooLarge);
            var lost = Among(pending, result.Lost);
            written.AddRange(tooLarge.Count + lost.Count == 0 ? pending : pending.Except(tooLarge).Except(lost));
            foreach (var fold in tooLarge)
                await WriteOneByOneAsync(fold, written, appeared, cancellationToken);
            pending = lost;
        }
    }

    private Task<IReadOnlyDictionary<string, Log>> ReadAsync(string[] ids, CancellationToken cancellationToken) =>
        ids.Length == 0 ? Task.FromResult(Nothing) : logs.ReadAsync(ids, cancellationToken);

    private async Task ResolveAsync(
        List<LogFold> folds, HashSet<CatalogKey> appeared, CancellationToken cancellationToken)
    {
        var asking = folds.ConvertAll(fold => fold.After!);
        var (resolutions, brought) = await resolver.ResolveAsync(asking, cancellationToken);
        foreach (var (fold, resolution) in folds.Zip(resolutions))
            fold.Resolve(resolution);
        appeared.UnionWith(brought);
    }

    private static List<LogFold> Among(IReadOnlyCollection<LogFold> folds, IReadOnlyCollection<string> ids)
    {
        var chosen = ids.ToHashSet(StringComparer.Ordinal);
        return chosen.Count == 0 ? [] : [.. folds.Where(fold => chosen.Contains(fold.LogId))];
    }

    private async Task WriteOneByOneAsync(
        LogFold fold, List<LogFold> written, HashSet<CatalogKey> appeared, CancellationToken cancellationToken)
    {
        if (fold.Messages.Count <= 1)
        {
            fold.TakeBack(TooLarge);
            written.Add(fold);
            return;
        }

        foreach (var message in fold.Messages)
            await RaceAsync([new LogFold(fold.LogId, [message])], written, appeared, cancellationToken);
    }

    /// <summary>
    /// What a Log misses may have come between its look-up and its write, and its bringer has looked for what waits
    /// before it was there. So it looks once more: whichever of the two is later sees the other. One that waits for the
    /// next thing by now looks again, too.
    /// </summary>
    private async Task LookAgainAsync(WrittenFolds written, CancellationToken cancellationToken)
    {
        var looked = written.Folds;
        while (looked.Where(fold => fold.Waits).ToList() is { Count: > 0 } waiting)
        {
            var asking = waiting.ConvertAll(fold => fold.After!);
            var (resolutions, brought) = await resolver.ResolveAsync(asking, cancellationToken);
            written.Appeared.UnionWith(brought);
            var late = waiting.Zip(resolutions)
                .Where(look => look.First.After!.Resolution != look.Second)
                .DistinctBy(look => look.First.LogId)
                .Select(look => new LogFold(look.First.LogId, []) { IsTakenUp = look.First.IsTakenUp })
                .ToList();
            looked = new(late.Count);
            await RaceAsync(late, looked, written.Appeared, cancellationToken);
            written.Again.AddRange(looked);
        }
    }
}
