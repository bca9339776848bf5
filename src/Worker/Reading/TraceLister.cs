using System.Runtime.CompilerServices;
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
        var (rows, lookedAt) = (new List<TraceRow>(size), 0);
        await foreach (var (found, batch) in LookAsync(query, after, isSeen, cancellationToken))
        {
            lookedAt += batch.Count;
            rows.AddRange(found.Take(size - rows.Count));
            if (rows.Count == size)
                return new(rows, TraceCursor.Of(rows[^1].Log), lookedAt, IsCut: false);
            if (lookedAt >= MaxLookedAt)
                return new(rows, TraceCursor.Of(batch[^1]), lookedAt, IsCut: true);
        }

        return new(rows, Next: null, lookedAt, IsCut: false);
    }

    /// <summary>How many there are.</summary>
    /// <param name="isSeen">Whether the Flows of that path may be counted.</param>
    public async Task<TraceCount> CountAsync(
        TraceQuery query, Predicate<string?> isSeen, CancellationToken cancellationToken)
    {
        var (count, lookedAt) = (0, 0);
        await foreach (var (found, batch) in LookAsync(query, after: null, isSeen, cancellationToken))
        {
            count += found.Count();
            lookedAt += batch.Count;
            if (lookedAt >= MaxLookedAt)
                return new(count, lookedAt, IsCut: true);
        }

        return new(count, lookedAt, IsCut: false);
    }

    /// <summary>What fits, and all that was looked at for it, some at a time, the newest first.</summary>
    private async IAsyncEnumerable<(IEnumerable<TraceRow> Found, IReadOnlyList<Log> LookedAt)> LookAsync(
        TraceQuery query,
        TraceCursor? after,
        Predicate<string?> isSeen,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var flows = await FlowsAsync(query, isSeen, cancellationToken);
        var newest = await FoundAsync(query, flows, after, cancellationToken) ?? new NewestLogs(
            listing, logs, [.. flows.Keys.Select(id => new LogRange(id, query.From, query.Until))], after);
        while (await newest.NextAsync(Batch, cancellationToken) is { Count: > 0 } batch)
        {
            var meant = batch.Where(query.IsMeant).Select(log => TraceRow.Of(log, flows)).Where(query.MayMatch);
            var read = await traceRows.ReadAsync([.. meant], cancellationToken);
            yield return (read.Where(query.Matches), batch);
        }
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
