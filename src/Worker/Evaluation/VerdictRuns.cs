using Microsoft.Extensions.Options;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// The runs of verdicts that workers give: each verdict that has an Evaluator attached is judged once, to a bounded
/// depth. Throws <see cref="Errors.StoreUnavailableException"/>.
/// </summary>
internal sealed class VerdictRuns(
    IRunStore runs,
    IAttachments attachments,
    LocalDueTimes localTimers,
    EvaluationPolicy policy,
    IOptions<EvaluationOptions> options,
    TimeProvider time)
{
    /// <summary>
    /// Whether the verdicts of that run may be judged: it is not too deep, and somebody judges verdicts.
    /// </summary>
    public bool MayHave(Run run) =>
        run.Depth < options.Value.MaxDepth && attachments.MayAttach(Traces.LogKind.Evaluator);

    /// <summary>
    /// Called before those verdicts are written: so whoever is killed in between leaves runs that wait for them, and
    /// whoever gives them again finds them woken. Costs nothing where no Evaluator is attached to them.
    /// </summary>
    /// <param name="run">Of what they are on.</param>
    public async Task WakeAsync(
        Run run, IReadOnlyCollection<EvaluatorLog> verdicts, CancellationToken cancellationToken)
    {
        if (!MayHave(run))
            return;
        var wakes = verdicts
            .Where(verdict => attachments.Attaches(VerdictLog.Of(verdict)))
            .Select(verdict => new Wake(verdict.Id, Complete: true) { Depth = run.Depth + 1, JudgedId = run.LogId })
            .ToList();
        if (wakes.Count == 0)
            return;
        var (now, began) = (time.GetUtcNow(), time.GetTimestamp());
        await runs.WakeAsync(wakes, policy.Timers, now, cancellationToken);
        localTimers.Set(policy.Timers.Settle - time.GetElapsedTime(began));
    }

    /// <summary>
    /// The verdict is not stored: whoever was to write it ended before that, or is about to. It is looked for again,
    /// until what it is on is gone. Null when there is nothing to save.
    /// </summary>
    public async Task<RunChange?> AwaitAsync(Run run, CancellationToken cancellationToken)
    {
        if (await runs.ReadAsync(run.JudgedId!, cancellationToken) is not null)
            return EvaluationProgress.AwaitVerdict(run, time.GetUtcNow());
        await runs.DropAsync([run.LogId], cancellationToken);
        return null;
    }
}
