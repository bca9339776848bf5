using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Lists the traces of all Flows, newest first. The index of each Flow's Logs by time is gone down together, so a page
/// costs as much whatever is stored; what a query asks beside path and time is looked for in the newest
/// <see cref="MaxLookedAt"/>. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class TraceLister(
    IFileListing files,
    ILogListing listing,
    ILogStore logs,
    IEvaluatorLogStore verdicts,
    IPostedVerdictStore posted,
    IRunStore runs)
{
    public const int MaxLookedAt = 20_000;

    private const int MaxFlows = 2_000;
    private const int Batch = 100;

    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="isSeen">Whether the Flows of that path may be shown.</param>
    public async Task<TracePage> ListAsync(
        TraceQuery query, TraceCursor? after, int size, Predicate<string?> isSeen, CancellationToken cancellationToken)
    {
        var flows = await FlowsAsync(query, isSeen, cancellationToken);
        var newest = new NewestLogs(
            listing, logs, [.. flows.Keys.Select(id => new LogRange(id, query.From, query.Until))], after);
        var (rows, lookedAt) = (new List<TraceRow>(size), 0);
        while (await newest.NextAsync(Batch, cancellationToken) is { Count: > 0 } batch)
        {
            lookedAt += batch.Count;
            foreach (var row in await RowsAsync([.. batch.Where(query.IsMeant)], flows, cancellationToken))
            {
                if (!query.Matches(row))
                    continue;
                rows.Add(row);
                if (rows.Count == size)
                    return new(rows, TraceCursor.Of(row.Log), lookedAt, IsCut: false);
            }

            if (lookedAt >= MaxLookedAt)
                return new(rows, TraceCursor.Of(batch[^1]), lookedAt, IsCut: true);
        }

        return new(rows, Next: null, lookedAt, IsCut: false);
    }

    private async Task<Dictionary<string, string?>> FlowsAsync(
        TraceQuery query, Predicate<string?> isSeen, CancellationToken cancellationToken)
    {
        var (found, _) = await files.ListAsync(
            new([LogKind.Flow]) { Descending = true }, 0, MaxFlows, cancellationToken);
        return found.Select(each => each.File)
            .Where(file => isSeen(file.Path) && query.Path?.Matches(file.Path) != false)
            .ToDictionary(file => file.Id, file => file.Path);
    }

    private async Task<IReadOnlyList<TraceRow>> RowsAsync(
        IReadOnlyList<Log> batch, Dictionary<string, string?> flows, CancellationToken cancellationToken)
    {
        string[] ids = [.. batch.Select(log => log.Id)];
        var ofWorkers = (await verdicts.ReadAsync(ids, cancellationToken)).ToLookup(verdict => verdict.LogId);
        var ofOthers = await posted.JudgedAmongAsync(ids, cancellationToken);
        var states = await Task.WhenAll(ids.Select(id => runs.ReadAsync(id, cancellationToken)));
        var rows = new List<TraceRow>(batch.Count);
        foreach (var (log, run) in batch.Zip(states))
        {
            var path = log.Resolution?.FileId is { } file ? flows.GetValueOrDefault(file) : null;
            var revision = run?.Revision ?? 0;
            var standing = ofWorkers[log.Id].Where(verdict => verdict.Revision >= revision).Select(RowVerdict.Of);
            var outside = ofOthers.Contains(log.Id) ? await OutsideAsync(log.Id, cancellationToken) : [];
            rows.Add(new()
            {
                Log = log,
                Path = path ?? log.Path,
                State = run is null ? "unjudged" : EnumName<RunState>.Of(run.State),
                Verdicts = [.. standing, .. outside],
            });
        }

        return rows;
    }

    /// <summary>The first page of them: there may be any number.</summary>
    private async Task<IEnumerable<RowVerdict>> OutsideAsync(string logId, CancellationToken cancellationToken)
    {
        await foreach (var page in posted.OnAsync(logId, cancellationToken))
        {
            return page.Select(log => new RowVerdict(
                log.Path ?? log.Resolution?.FileId ?? "", log.Judgment, log.Text(LogFields.Error))
            {
                At = log.CreatedAt,
            });
        }

        return [];
    }
}
