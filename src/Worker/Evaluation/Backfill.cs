using Worker.Errors;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Lets Evaluators that were attached since judge what was judged without them, Logs and verdicts: their runs become
/// due again, and the workers do the rest. Free to repeat: what has them is passed over. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class Backfill(
    IRunStore runs,
    ILogStore logs,
    IEvaluatorLogStore verdicts,
    JudgedTraces judgedTraces,
    VerdictRuns verdictRuns,
    EvaluatorCatalog catalog,
    EvaluatorVersions versions,
    StoredAttachments attachments,
    TimeProvider time)
{
    private const int Page = 200;

    /// <param name="show">Told how far it is, a page at a time.</param>
    public async Task RunAsync(
        BackfillFilter filter, BackfillCounts counts, Action show, CancellationToken cancellationToken)
    {
        await attachments.RefreshAsync(cancellationToken);
        if (!filter.DryRun)
            await versions.StoreAsync(cancellationToken);
        var pace = new CallPace(filter.Rate, time);
        await foreach (var ids in runs.LogsWithRunsAsync(cancellationToken).Chunk(Page))
        {
            var stored = await logs.ReadAsync(ids, cancellationToken);
            foreach (var id in ids)
            {
                counts.Runs++;
                if (await runs.ReadAsync(id, cancellationToken) is not { } run || !filter.Covers(run.OpenedAt))
                    continue;
                var log = stored.GetValueOrDefault(id) ?? await VerdictAsync(run, cancellationToken);
                if (log is null or { IsDeleted: true })
                    continue;
                await AddAsync(run, log, filter, counts, pace, cancellationToken);
                await WakeVerdictsAsync(run, filter, counts, pace, cancellationToken);
            }

            show();
        }
    }

    private async Task<Traces.Log?> VerdictAsync(Run run, CancellationToken cancellationToken) =>
        run.JudgedId is { } judgedId
            ? await judgedTraces.VerdictAsync(run.LogId, judgedId, cancellationToken)
            : null;

    private List<Evaluator> Asked(Traces.Log log, BackfillFilter filter) => filter.Path?.Matches(log.Path) == false
        ? []
        : [.. catalog.AttachedTo(log).Where(each =>
            !each.IsFromOutside && (filter.Evaluator is null || each.Path == filter.Evaluator))];

    private async Task AddAsync(
        Run run,
        Traces.Log log,
        BackfillFilter filter,
        BackfillCounts counts,
        CallPace pace,
        CancellationToken cancellationToken)
    {
        var asked = Asked(log, filter);
        var pins = asked.Select(each => each.PinOn(log.Id)).ToList();
        if (EvaluationProgress.Add(run, pins, time.GetUtcNow()) is not { } change)
            return;
        if (!filter.DryRun)
        {
            await pace.WaitAsync(cancellationToken);
            if (!await runs.SaveAsync(change.Run, change.Decisions, cancellationToken))
            {
                counts.Lost++;
                return;
            }
        }

        counts.Logs++;
        foreach (var decision in change.Decisions.Where(decision => decision.Outcome == Outcome.Waiting))
            counts.Add(asked.First(each => each.Id == decision.EvaluatorId).Path);
    }

    /// <summary>
    /// Verdicts that nobody judged when they were given have no run. What makes them one judges with all that is
    /// attached by now.
    /// </summary>
    private async Task WakeVerdictsAsync(
        Run run,
        BackfillFilter filter,
        BackfillCounts counts,
        CallPace pace,
        CancellationToken cancellationToken)
    {
        if (!verdictRuns.MayHave(run))
            return;
        var judged = await runs.JudgedVerdictsAsync([run.LogId], cancellationToken);
        var standing = await verdicts.ReadAsync([run.LogId], cancellationToken);
        foreach (var verdict in standing.Where(each => each.Revision == run.Revision && !judged.Contains(each.Id)))
        {
            var log = VerdictLog.Of(verdict);
            if (Asked(log, filter).Count == 0)
                continue;
            if (!filter.DryRun)
            {
                await pace.WaitAsync(cancellationToken);
                await verdictRuns.WakeAsync(run, [verdict], cancellationToken);
            }

            counts.Logs++;
            foreach (var each in catalog.AttachedTo(log).Where(each => !each.IsFromOutside
                && each.PinOn(log.Id).IsWaiting))
                counts.Add(each.Path);
        }
    }
}
