using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Read, merge, write with a version check, in bulk: at most three store round trips when no race is lost. Only a Log whose
/// race was lost is read and merged again.
/// </summary>
internal sealed class LogWriter(ILogStore logs, FileResolver files)
{
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
        while (pending.Count > 0)
        {
            var stored = await logs.ReadAsync([.. pending.Select(fold => fold.LogId)], cancellationToken);
            foreach (var fold in pending)
                fold.Apply(stored.GetValueOrDefault(fold.LogId));
            appeared.UnionWith(await files.ResolveAsync([.. pending.Where(fold => fold.AsksAnew)], cancellationToken));

            var changed = pending.Where(fold => fold.IsChanged).Select(fold => fold.After!).ToList();
            var result = changed.Count == 0 ? LogWriteResult.Complete : await logs.WriteAsync(changed, cancellationToken);
            var tooLarge = pending.Where(fold => result.TooLarge.Contains(fold.LogId)).ToList();
            var lost = pending.Where(fold => result.Lost.Contains(fold.LogId)).ToList();
            written.AddRange(pending.Except(tooLarge).Except(lost));
            foreach (var fold in tooLarge)
                await WriteOneByOneAsync(fold, written, appeared, cancellationToken);
            pending = lost;
        }
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
