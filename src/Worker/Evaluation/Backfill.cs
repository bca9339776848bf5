using Worker.Errors;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Lets Evaluators that were attached since judge what was judged without them: their runs become due again, and the
/// workers do the rest. Free to repeat: what has them is passed over. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class Backfill(
    IRunStore runs,
    ILogStore logs,
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
            foreach (var log in ids.Select(stored.GetValueOrDefault).OfType<Traces.Log>())
                await LookAsync(log, filter, counts, pace, cancellationToken);
            show();
        }
    }

    private async Task LookAsync(
        Traces.Log log,
        BackfillFilter filter,
        BackfillCounts counts,
        CallPace pace,
        CancellationToken cancellationToken)
    {
        counts.Runs++;
        if (log.IsDeleted || filter.Path?.Matches(log.Path) == false
            || await runs.ReadAsync(log.Id, cancellationToken) is not { } run || !filter.Covers(run.OpenedAt))
            return;

        var asked = catalog.AttachedTo(log)
            .Where(each => !each.IsFromOutside && (filter.Evaluator is null || each.Path == filter.Evaluator))
            .ToList();
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

        Count(counts, change, asked);
    }

    private static void Count(BackfillCounts counts, RunChange change, List<Evaluator> asked)
    {
        counts.Logs++;
        foreach (var decision in change.Decisions.Where(decision => decision.Outcome == Outcome.Waiting))
        {
            var path = asked.First(each => each.Id == decision.EvaluatorId).Path;
            counts.Evaluations[path] = counts.Evaluations.GetValueOrDefault(path) + 1;
        }
    }
}
