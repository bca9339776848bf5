using Worker.Ingestion;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Retention;

/// <summary>
/// Leaves of Logs their tombstones: with them go runs, decisions, verdicts, and verdicts from outside. Of a
/// conversation nothing is left, for it is made of its turns, and comes again when one does. Free to repeat.
/// </summary>
internal sealed class LogRemoval(FoldWriter writer, IRunStore runs, PostedVerdicts verdicts, IRemovalStore removals)
{
    public async Task RemoveAsync(
        IReadOnlyCollection<string> logIds, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (logIds.Count == 0)
            return;
        var removedAt = Timestamps.ToMicroseconds(at);
        var written = await writer.WriteAsync(
            [.. logIds.Select(id => new LogFold(id, []) { RemovedAt = removedAt })], cancellationToken);
        await verdicts.DropAsync(written.Folds, cancellationToken);
        await runs.DropAsync(logIds, cancellationToken);
        var conversations = logIds.Where(DerivedIds.IsConversation).ToList();
        if (conversations.Count > 0)
            await removals.ForgetAsync(conversations, cancellationToken);
    }
}
