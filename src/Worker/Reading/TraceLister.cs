using Worker.Errors;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Lists the traces of all Flows, newest first. The index of each Flow's Logs by time is gone down together, so a page
/// costs as much whatever is stored; what a query asks beside path and time is looked for in the newest
/// <see cref="MaxLookedAt"/>. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class TraceLister(IFileListing files, ILogListing listing, ILogStore logs, TraceRows traceRows)
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
            var read = await traceRows.ReadAsync([.. batch.Where(query.IsMeant)], flows, cancellationToken);
            foreach (var row in read)
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
}
