using Worker.Errors;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>
/// Finds what waits for a person, newest first. The index of each File's Logs by time is gone down together, for the
/// Files alone that the Evaluator is attached to, and at most <see cref="MaxLookedAt"/> Logs a page: whatever is
/// stored, that is what a page costs. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class ReviewQueue(
    IFileListing files,
    ILogListing listing,
    ILogStore logs,
    IPostedVerdictStore posted,
    IRunStore runs,
    TraceRows rows,
    EvaluatorCatalog catalog)
{
    public const int MaxLookedAt = 5_000;

    private const int MaxFiles = 2_000;
    private const int Batch = 100;

    /// <param name="isJudged">Those that have a verdict of it are meant, not those that wait for one.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="isSeen">Whether the Logs of the File with that path may be shown.</param>
    public async Task<ReviewPage> ListAsync(
        Evaluator evaluator,
        TraceQuery query,
        bool isJudged,
        TraceCursor? after,
        int size,
        Predicate<string?> isSeen,
        CancellationToken cancellationToken)
    {
        var paths = await PathsAsync(evaluator, query, isSeen, cancellationToken);
        var newest = new NewestLogs(
            listing, logs, [.. paths.Keys.Select(id => new LogRange(id, query.From, query.Until))], after);
        var (items, lookedAt) = (new List<ReviewItem>(size), 0);
        while (await newest.NextAsync(Batch, cancellationToken) is { Count: > 0 } batch)
        {
            lookedAt += batch.Count;
            foreach (var item in await ItemsAsync(evaluator, query, batch, isJudged, paths, cancellationToken))
            {
                items.Add(item);
                if (items.Count == size)
                    return new(items, TraceCursor.Of(item.Log), lookedAt, IsCut: false);
            }

            if (lookedAt >= MaxLookedAt)
                return new(items, TraceCursor.Of(batch[^1]), lookedAt, IsCut: true);
        }

        return new(items, Next: null, lookedAt, IsCut: false);
    }

    private async Task<Dictionary<string, string?>> PathsAsync(
        Evaluator evaluator, TraceQuery query, Predicate<string?> isSeen, CancellationToken cancellationToken)
    {
        var (found, _) = await files.ListAsync(
            new([LogKind.Flow, LogKind.Prompt, LogKind.Tool]) { Descending = true }, 0, MaxFiles, cancellationToken);
        return found.Select(each => each.File)
            .Where(file => isSeen(file.Path) && query.Path?.Matches(file.Path) != false && MayJudge(file))
            .ToDictionary(file => file.Id, file => file.Path);

        bool MayJudge(Files.LoggedFile file)
        {
            var judged = new JudgedFile(file.Kind, file.Path, file.Id, IsConversation: false);
            return catalog.MayJudge(evaluator.Id, judged)
                || catalog.MayJudge(evaluator.Id, judged with { IsConversation = true });
        }
    }

    private async Task<List<ReviewItem>> ItemsAsync(
        Evaluator evaluator,
        TraceQuery query,
        IReadOnlyList<Log> batch,
        bool isJudged,
        Dictionary<string, string?> paths,
        CancellationToken cancellationToken)
    {
        List<TraceRow> attached =
        [
            .. batch.Where(log => catalog.AttachedTo(log).Any(each => each.Id == evaluator.Id))
                .Select(log => TraceRow.Of(log, paths))
                .Where(query.MayMatch),
        ];
        var haveVerdicts = await posted.JudgedAmongAsync([.. attached.Select(row => row.Log.Id)], cancellationToken);
        var kept = new Dictionary<string, IReadOnlyList<Log>>(StringComparer.Ordinal);
        foreach (var log in attached.Select(row => row.Log))
        {
            var verdicts = haveVerdicts.Contains(log.Id) ? await ByAsync(evaluator, log.Id, cancellationToken) : [];
            var isMeant = isJudged
                ? verdicts.Count > 0
                : verdicts.Count == 0 && await WaitsAsync(evaluator, log, cancellationToken);
            if (isMeant)
                kept[log.Id] = verdicts;
        }

        var read = await rows.ReadAsync([.. attached.Where(row => kept.ContainsKey(row.Log.Id))], cancellationToken);
        return [.. read.Where(query.Matches).Select(row => new ReviewItem(row.Log, row.Path, kept[row.Log.Id]))];
    }

    private async Task<IReadOnlyList<Log>> ByAsync(
        Evaluator evaluator, string logId, CancellationToken cancellationToken) =>
        await posted.OnAsync(logId, cancellationToken)
            .SelectMany(page => page)
            .Where(verdict => verdict.Resolution?.FileId == evaluator.Id && !verdict.IsTakenBack)
            .ToListAsync(cancellationToken);

    /// <summary>
    /// As its newest revision has decided. Where none has decided of this Evaluator, which was attached since: a Log
    /// that is finished, and that nothing in the Evaluator's file keeps from it.
    /// </summary>
    private async Task<bool> WaitsAsync(Evaluator evaluator, Log log, CancellationToken cancellationToken)
    {
        var decisions = await runs.DecisionsAsync(log.Id, cancellationToken);
        return decisions.LastOrDefault(decision => decision.EvaluatorId == evaluator.Id) is { } decision
            ? decision.Outcome == Outcome.Waiting
            : (log.Kind == LogKind.Flow ? log.IsComplete : log.IsFinished)
                && evaluator.When is null
                && evaluator.Sampling?.WhyNot(log.Id) is null;
    }
}
