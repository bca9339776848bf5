using System.Collections.Immutable;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// What the saga does at each event: reads the store, lets <see cref="EvaluationProgress"/> decide, stamps labels,
/// judges.
/// </summary>
internal sealed class RunSteps(
    JudgedTraces traces,
    IEvaluatorLogStore verdicts,
    EvaluatorCatalog catalog,
    EvaluatorVersions versions,
    VerdictRuns verdictRuns,
    DeletedRuns deleted,
    LabelStamp labels,
    HeldClaims held,
    LargeTraces large,
    ClaimWindow claims,
    EvaluationPolicy policy,
    TimeProvider time)
{
    /// <summary>
    /// How long a large trace waits for room, and how long it is then left to other workers. Short, because the steps
    /// of small traces wait behind it.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>A run was claimed as due. Null when there is nothing to save.</summary>
    public async Task<RunChange?> LookAsync(Run run, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var change = !EvaluationProgress.IsDue(run, policy, now) ? EvaluationProgress.Release(run)
            : EvaluationProgress.IsPutOff(run, now) ? EvaluationProgress.Wait(run, policy, now)
            : await DecideAsync(run, cancellationToken);
        claims.Close(run.LogId);
        return change;
    }

    /// <summary>Verdicts may have come. Null when there is nothing to save.</summary>
    public async Task<RunChange?> FinishAsync(Run run, CancellationToken cancellationToken) =>
        EvaluationProgress.WhenVerdictsCame(
            run, await verdicts.ReadAsync([run.LogId], cancellationToken), policy, time.GetUtcNow());

    private async Task<RunChange?> DecideAsync(Run run, CancellationToken cancellationToken)
    {
        await using var trace = await OpenTrace.OpenAsync(traces, run, cancellationToken);
        if (trace is { IsVerdict: true, Head: null })
            return await verdictRuns.AwaitAsync(run, cancellationToken);
        if (trace.Head is null && await deleted.DropAsync(run, cancellationToken))
            return null;
        if (!trace.IsLarge)
            return await DecideAsync(run, trace, cancellationToken);

        using var room = await large.EnterAsync(Patience, cancellationToken);
        if (room is not null)
            return await held.KeepAsync(run, () => DecideAsync(run, trace, cancellationToken));
        await held.LapseAsync(run, Patience, cancellationToken);
        return null;
    }

    private async Task<RunChange?> DecideAsync(Run run, OpenTrace trace, CancellationToken cancellationToken)
    {
        await trace.ReadAsync();
        var content = trace.Head is { } head
            ? RunContent.From(head, trace.Shape, trace.Digest, Pins(run, head, isOutside: false)) with
            {
                Outside = Pins(run, head, isOutside: true),
            }
            : null;
        var known = run.Revision == 0 ? [] : await verdicts.ReadAsync([run.LogId], cancellationToken);
        var change = EvaluationProgress.WhenDue(run, content, known, policy, time.GetUtcNow()) with
        {
            Head = trace.Head,
        };

        // Labels are written before the change is saved. Should the worker end in between, the run is still due, and
        // they are written again.
        if (change.Begins && trace.Head is { MayHeadTrace: true })
            await labels.SettleAsync(change.Run, trace, cancellationToken);
        await labels.LateAsync(change.Late, cancellationToken);
        return change.RunsEvaluators ? await JudgeAsync(run, change, trace, cancellationToken) : change;
    }

    private ImmutableArray<Pin> Pins(Run run, Log head, bool isOutside)
    {
        var whyNotCalled = policy.WhyNotCalled(run, time.GetUtcNow());
        return
        [
            .. catalog.AttachedTo(head)
                .Where(evaluator => evaluator.IsFromOutside == isOutside)
                .Select(evaluator => whyNotCalled is not null && evaluator.Judging.Call is not null
                    ? new Pin(evaluator.Id, evaluator.VersionId, Outcome.Late, whyNotCalled)
                    : evaluator.PinOn(head.Id)),
        ];
    }

    /// <summary>
    /// Lets the rules in the files judge at once, while the trace is open: that takes no longer than to queue them.
    /// Those whose Version is no longer in the files, and Evaluators that are called, are left to
    /// <see cref="AttemptRunner"/>.
    /// </summary>
    private async Task<RunChange?> JudgeAsync(
        Run run, RunChange change, OpenTrace trace, CancellationToken cancellationToken)
    {
        var pins = change.Run.Pins
            .Where(pin => pin.Outcome == Outcome.Waiting)
            .Select(pin => (Pin: pin, Evaluator: versions.AtHand(pin)))
            .Where(each => each.Evaluator is { When: not null } or { Judging.Begin: not null })
            .ToList();
        if (pins.Count == 0)
            return change;

        // Content that changed meanwhile wakes the run again.
        var jury = new Jury(change.Run, pins, time);
        if (!await trace.GiveAsync(jury.Take, cancellationToken))
            return EvaluationProgress.Release(run);
        var given = jury.Verdicts();
        await verdictRuns.WakeAsync(run, given, cancellationToken);
        return EvaluationProgress.Judge(change, given, jury.Filtered(), policy, time.GetUtcNow());
    }
}
