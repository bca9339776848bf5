using Worker.Errors;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Lists the traces of all Flows, newest first. The index of each Flow's Logs by time is gone down together, so a page
/// costs as much whatever is stored. What a query asks beside path and time is looked for in what an index of texts or
/// of verdicts finds, and where none helps in the newest <see cref="MaxLookedAt"/>. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class TraceLister(
    IFileListing files,
    ILogListing listing,
    ILogStore logs,
    TraceRows traceRows,
    VerdictSearch verdicts,
    ITextIndex? texts = null)
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
        var newest = await FoundAsync(query, flows, after, cancellationToken) ?? new NewestLogs(
            listing, logs, [.. flows.Keys.Select(id => new LogRange(id, query.From, query.Until))], after);
        var (rows, lookedAt) = (new List<TraceRow>(size), 0);
        while (await newest.NextAsync(Batch, cancellationToken) is { Count: > 0 } batch)
        {
            lookedAt += batch.Count;
            var meant = batch.Where(query.IsMeant).Select(log => TraceRow.Of(log, flows)).Where(query.MayMatch);
            foreach (var row in (await traceRows.ReadAsync([.. meant], cancellationToken)).Where(query.Matches))
            {
                rows.Add(row);
                if (rows.Count == size)
                    return new(rows, TraceCursor.Of(row.Log), lookedAt, IsCut: false);
            }

            if (lookedAt >= MaxLookedAt)
                return new(rows, TraceCursor.Of(batch[^1]), lookedAt, IsCut: true);
        }

        return new(rows, Next: null, lookedAt, IsCut: false);
    }

    /// <summary>By an index; null where none helps.</summary>
    private async Task<INewestLogs?> FoundAsync(
        TraceQuery query,
        Dictionary<string, string?> flows,
        TraceCursor? after,
        CancellationToken cancellationToken)
    {
        var found = texts is null || query.Texts.Count == 0
            ? null
            : await texts.FindAsync(query.Texts, MaxLookedAt, cancellationToken);
        foreach (var asked in query.Verdicts)
            found ??= await verdicts.FindAsync(asked, cancellationToken);
        return found is null
            ? null
            : new FoundLogs(logs, found.Where(log => flows.ContainsKey(log.FileId)
                && log.CreatedAt >= query.From && log.CreatedAt < query.Until
                && (after is not { } cursor || cursor.CompareTo(new(log.CreatedAt, log.Id)) < 0)));
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
