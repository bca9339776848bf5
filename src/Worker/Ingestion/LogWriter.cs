using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Read, merge, write with a version check, in bulk. New Logs are written without being read; only a Log whose race was lost,
/// that of being new included, is read and merged again. At most three store round trips where no other worker interferes.
/// </summary>
internal sealed class LogWriter(ILogStore logs, FileResolver files)
{
    private static readonly IReadOnlyDictionary<string, Log> Nothing = new Dictionary<string, Log>();

    /// <summary>
    /// On return the folds' Logs are durable. Each Log occurs in one fold; a fold whose document is too large for the store comes
    /// back as one fold a message, so that only the message that made it so is refused.
    /// </summary>
    /// <returns>The folds as they were written, and the Logs that were resolved because a File or Version appeared.</returns>
    public async Task<(IReadOnlyList<LogFold> Folds, IReadOnlyCollection<Log> Resolved)> WriteAsync(
        IReadOnlyCollection<LogFold> folds, CancellationToken cancellationToken)
    {
        var written = new List<LogFold>(folds.Count);
        var appeared = new HashSet<string>(StringComparer.Ordinal);
        await WriteAsync(folds, written, appeared, cancellationToken);

        var unresolved = written.Where(fold => fold.IsChanged && fold.After?.Resolution?.Missing is not null).Select(fold => fold.LogId);
        var resolved = await files.ResolveWaitingAsync(appeared, [.. unresolved], logs, cancellationToken);
        return (written, resolved);
    }

    private async Task WriteAsync(
        IReadOnlyCollection<LogFold> folds, List<LogFold> written, HashSet<string> appeared, CancellationToken cancellationToken)
    {
        var pending = folds;
        for (var first = true; pending.Count > 0; first = false)
        {
            // Most Logs are new, and their write tells when one is not: only then is it read.
            var unknown = first ? pending.Where(fold => !fold.IsProbablyNew) : pending;
            var stored = await ReadAsync([.. unknown.Select(fold => fold.LogId)], cancellationToken);
            foreach (var fold in pending)
                fold.Apply(stored.GetValueOrDefault(fold.LogId));
            appeared.UnionWith(await files.ResolveAsync([.. pending.Where(fold => fold.AsksAnew)], cancellationToken));

            var changed = pending.Where(fold => fold.IsChanged).Select(fold => fold.After!).ToList();
            var result = changed.Count == 0 ? LogWriteResult.Complete : await logs.WriteAsync(changed, cancellationToken);
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

    private static List<LogFold> Among(IReadOnlyCollection<LogFold> folds, IReadOnlyCollection<string> ids)
    {
        var chosen = ids.ToHashSet(StringComparer.Ordinal);
        return chosen.Count == 0 ? [] : [.. folds.Where(fold => chosen.Contains(fold.LogId))];
    }

    private async Task WriteOneByOneAsync(LogFold fold, List<LogFold> written, HashSet<string> appeared, CancellationToken cancellationToken)
    {
        if (fold.Messages.Count == 1)
        {
            fold.Refuse(new(
                RefusalReason.TooLarge,
                null,
                "Merged with what is stored of its Log, the message makes a document larger than the store takes; send less, or under another log_id."));
            written.Add(fold);
            return;
        }

        foreach (var message in fold.Messages)
            await WriteAsync([new LogFold(fold.LogId, [message])], written, appeared, cancellationToken);
    }
}
