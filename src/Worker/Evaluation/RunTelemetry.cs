using System.Diagnostics;
using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Telemetry;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>Tells what the steps of runs came to, as metrics and spans.</summary>
internal sealed class RunTelemetry(EvaluationMetrics metrics, EvaluatorCatalog catalog, ILogStore logs)
{
    public const string Name = "worker.run";
    public const string SettleName = "worker.settle";

    /// <summary>The step was saved.</summary>
    /// <param name="before">As it was read.</param>
    public async Task SavedAsync(Run before, Run run, RunChange change, CancellationToken cancellationToken)
    {
        metrics.Saved(before, run, change, PathOf);
        var isJudged = EvaluationMetrics.IsJudgedNow(before, run);
        if (!WorkerTelemetry.Activities.HasListeners() || (!isJudged && change.Verdicts.IsEmpty))
            return;
        var judged = await JudgedSpanAsync(run.LogId, change.Head, cancellationToken);

        // Whatever step this was is not what the run took: its span stands for itself.
        var current = Activity.Current;
        Activity.Current = null;
        using var span = isJudged ? Started(run, judged) : null;
        if (span is not null)
            Settled(run, span);
        foreach (var verdict in change.Verdicts)
        {
            VerdictSpan.Emit(
                verdict.Path,
                verdict.LogId,
                verdict.Spec is { } spec ? JudgmentType.OfSpec(spec) : null,
                verdict.Judgment,
                verdict.Error is not null,
                judged);
        }

        span?.Stop();
        Activity.Current = current;
    }

    /// <summary>From when the revision began.</summary>
    private static Activity? Started(Run run, ActivityContext? judged) => WorkerTelemetry.Activities.StartActivity(
        Name,
        ActivityKind.Internal,
        default(ActivityContext),
        [
            new("worker.log.id", run.LogId),
            new("worker.run.revision", run.Revision),
            new("worker.run.evaluators", run.Pins.Length),
        ],
        RemoteSpan.Link(judged),
        run.BegunAt ?? default);

    /// <summary>
    /// How long the trace was left alone before it was judged; of later revisions nobody wrote down when they were
    /// woken.
    /// </summary>
    private static void Settled(Run run, Activity judging)
    {
        if (run.Revision != 1 || run.BegunAt is not { } begun)
            return;
        using var span = WorkerTelemetry.Activities.StartActivity(
            SettleName,
            ActivityKind.Internal,
            judging.Context,
            [new("worker.log.id", run.LogId)],
            links: null,
            run.OpenedAt);
        span?.SetEndTime(begun.UtcDateTime);
    }

    /// <summary>A store that does not answer now costs the link, and nothing else.</summary>
    private async ValueTask<ActivityContext?> JudgedSpanAsync(
        string logId, Log? head, CancellationToken cancellationToken)
    {
        try
        {
            head ??= (await logs.ReadAsync([logId], cancellationToken)).GetValueOrDefault(logId);
            return VerdictSpan.SpanOf(head?[LogFields.Metadata]);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Null for one that is in the files no longer.</summary>
    private string? PathOf(Decision decision) =>
        (catalog.Version(decision.EvaluatorVersionId)
            ?? catalog.All.FirstOrDefault(each => each.Id == decision.EvaluatorId))?.Path;
}
