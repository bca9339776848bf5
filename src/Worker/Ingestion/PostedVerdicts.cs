using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Verdicts from outside go with the Log that they are on, in whichever order the two messages come: whoever deletes
/// looks for verdicts after its write, and whoever writes a verdict looks for the tombstone after its own; so the later
/// of the two sees the other. A chunk without deletes and verdicts costs nothing.
/// </summary>
internal sealed class PostedVerdicts(
    IPostedVerdictStore posted,
    ITraceStore traces,
    ILogStore logs,
    IRunStore runs,
    OwnVerdicts own,
    FoldWriter writer)
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

    /// <summary>
    /// Most of what is judged stands, or is yet to come: only tombstones are read. What is itself a verdict may be
    /// about to go with what it is on, so that is looked at, too.
    /// </summary>
    private async Task AddDeletedAsync(
        HashSet<string> judged, Dictionary<string, long> deleted, CancellationToken cancellationToken)
    {
        var asked = new HashSet<string>(judged, StringComparer.Ordinal);
        for (var open = judged.ToList(); open.Count > 0;)
        {
            var standing = await traces.StandingAsync(open, cancellationToken);
            var others = open.Where(id => !standing.Contains(id)).ToList();
            var tombstones = others.Count == 0 ? [] : (await logs.ReadAsync(others, cancellationToken)).Values;
            foreach (var log in tombstones)
            {
                if (log.DeletedAt is { } at)
                    deleted[log.Id] = at;
            }

            var verdicts = await posted.JudgedByAsync(standing, cancellationToken);
            open = [.. verdicts.Values.Where(asked.Add)];
        }
    }

    /// <summary>
    /// Verdicts on verdicts go first, be these from outside or workers' own: whoever is killed in between leaves a way
    /// to what is left. Holds a page of verdicts, and those that have verdicts on them.
    /// </summary>
    private async Task DropAsync(Dictionary<string, long> deleted, CancellationToken cancellationToken)
    {
        var open = new Stack<(string Id, string? On, long At)>();
        foreach (var each in await JudgedAmongAsync(deleted.Keys, cancellationToken))
        {
            foreach (var judged in each)
                open.Push((judged, null, deleted[each.Key]));
        }

        while (open.TryPop(out var next))
        {
            if (next.On is { } on)
            {
                await DropAsync([next.Id], on, next.At, cancellationToken);
                continue;
            }

            await foreach (var page in posted.OnAsync(next.Id, cancellationToken))
            {
                var ids = page.Select(verdict => verdict.Id).ToList();
                var inner = await JudgedAmongAsync(ids, cancellationToken);
                await DropAsync([.. ids.Where(id => !inner.Contains(id))], next.Id, next.At, cancellationToken);
                foreach (var each in inner)
                {
                    open.Push((each.Key, next.Id, next.At));
                    foreach (var judged in each)
                        open.Push((judged, null, next.At));
                }
            }
        }
    }

    /// <summary>
    /// Those Logs, and the workers' own verdicts on them, on which there are verdicts from outside: by those Logs.
    /// </summary>
    private async Task<ILookup<string, string>> JudgedAmongAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var owned = await own.OnAsync(logIds, cancellationToken);
        var among = await posted.JudgedAmongAsync([.. logIds, .. owned.Keys], cancellationToken);
        return among.ToLookup(id => owned.GetValueOrDefault(id, id), StringComparer.Ordinal);
    }

    private async Task DropAsync(
        IReadOnlyList<string> verdicts, string judged, long at, CancellationToken cancellationToken)
    {
        if (verdicts.Count == 0)
            return;
        await writer.WriteAsync(
            [.. verdicts.Select(id => new LogFold(id, []) { GoesWith = (judged, at) })], cancellationToken);
        await runs.DropAsync(verdicts, cancellationToken);
    }
}
