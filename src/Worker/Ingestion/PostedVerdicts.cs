using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Verdicts from outside go with the Log that they are on, in whichever order the two messages come: whoever deletes
/// looks for verdicts after its write, and whoever writes a verdict looks for the tombstone after its own; so the later
/// of the two sees the other. A chunk without deletes and verdicts costs nothing.
/// </summary>
internal sealed class PostedVerdicts(
    IPostedVerdictStore posted, ITraceStore traces, ILogStore logs, IRunStore runs, FoldWriter writer)
{
    /// <summary>
    /// On return no verdict stands on what those folds deleted, and none of theirs on what was deleted before; verdicts
    /// on these verdicts neither. Free to repeat.
    /// </summary>
    public async Task DropAsync(IReadOnlyCollection<LogFold> written, CancellationToken cancellationToken)
    {
        var deleted = new Dictionary<string, long>(StringComparer.Ordinal);
        var judged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var log in written.Select(fold => fold.After).OfType<Log>())
        {
            if (log.DeletedAt is { } at)
                deleted[log.Id] = at;
            else if (log.JudgedId is { } judgedId)
                judged.Add(judgedId);
        }

        if (judged.Count > 0)
            await AddDeletedAsync(judged, deleted, cancellationToken);
        if (deleted.Count > 0)
            await DropAsync(deleted, cancellationToken);
    }

    /// <summary>Most of what is judged stands, or is yet to come: only tombstones are read.</summary>
    private async Task AddDeletedAsync(
        HashSet<string> judged, Dictionary<string, long> deleted, CancellationToken cancellationToken)
    {
        judged.ExceptWith(await traces.StandingAsync(judged, cancellationToken));
        if (judged.Count == 0)
            return;
        foreach (var log in (await logs.ReadAsync(judged, cancellationToken)).Values)
        {
            if (log.DeletedAt is { } at)
                deleted[log.Id] = at;
        }
    }

    /// <summary>Holds a page of verdicts, and the ids of those that have verdicts on them.</summary>
    private async Task DropAsync(Dictionary<string, long> deleted, CancellationToken cancellationToken)
    {
        var among = await posted.JudgedAmongAsync(deleted.Keys, cancellationToken);
        var open = new Stack<(string LogId, long At)>(among.Select(id => (id, deleted[id])));
        while (open.TryPop(out var gone))
        {
            await foreach (var page in posted.OnAsync(gone.LogId, cancellationToken))
            {
                await writer.WriteAsync(
                    [.. page.Select(verdict => new LogFold(verdict.Id, []) { GoesWith = gone })], cancellationToken);
                var ids = page.Select(verdict => verdict.Id).ToList();
                await runs.DropAsync(ids, cancellationToken);
                foreach (var id in await posted.JudgedAmongAsync(ids, cancellationToken))
                    open.Push((id, gone.At));
            }
        }
    }
}
