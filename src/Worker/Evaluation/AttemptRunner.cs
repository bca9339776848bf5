using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Makes one attempt: asks an Evaluator for its verdict on a revision, and stores that, or that it is put off.
/// </summary>
internal sealed class AttemptRunner(
    IRunStore runs,
    JudgedTraces traces,
    IEvaluatorLogStore verdicts,
    TraceInput inputs,
    RecentInputs recent,
    VerdictRuns verdictRuns,
    LargeTraces large,
    StoreResilience resilience,
    EvaluationPolicy policy,
    TimeProvider time)
{
    /// <summary>
    /// A deferral that loses its race as often is not written: the watch over the run brings it back.
    /// </summary>
    private const int MostRaces = 5;

    /// <summary>
    /// The verdict is durable on return. False when there is none: the revision is over, has answered, its content has
    /// changed, in which case the wake that follows the change brings the next revision; or the Evaluator is put off.
    /// Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    /// <param name="evaluator">Null where nobody knows that Version.</param>
    /// <param name="calls">Null where it is not called.</param>
    public async Task<bool> RunAsync(
        Attempt attempt, Evaluator? evaluator, EvaluatorCalls? calls, CancellationToken cancellationToken)
    {
        var run = await resilience.ExecuteAsync(
            async token => await runs.ReadAsync(attempt.LogId, token), cancellationToken);
        if (run is not { State: RunState.Evaluating } || run.Revision != attempt.Revision
            || run.Pins.FirstOrDefault(pin => IsMeant(pin, attempt)) is not { } pin)
            return false;

        var verdict = calls is null
            ? await JudgeAsync(run, pin, evaluator, cancellationToken)
            : await CallAsync(run, pin, evaluator!, calls, cancellationToken);
        if (verdict is null)
            return false;
        await resilience.ExecuteAsync(
            async token =>
            {
                await verdictRuns.WakeAsync(run, [verdict], token);
                await verdicts.AddAsync([verdict], token);
            },
            cancellationToken);
        return true;
    }

    private bool IsMeant(Pin pin, Attempt attempt) =>
        pin.EvaluatorId == attempt.EvaluatorId
        && pin.EvaluatorVersionId == attempt.VersionId
        && pin.IsOwed(time.GetUtcNow());

    private ValueTask<EvaluatorLog?> JudgeAsync(
        Run run, Pin pin, Evaluator? evaluator, CancellationToken cancellationToken) =>
        WithTraceAsync(
            run,
            async (trace, token) =>
            {
                var jury = new Jury(run, [(pin, evaluator)], time);
                return await trace.GiveAsync(jury.Take, token) ? jury.Verdicts()[0] : null;
            },
            cancellationToken);

    private async Task<EvaluatorLog?> CallAsync(
        Run run, Pin pin, Evaluator evaluator, EvaluatorCalls calls, CancellationToken cancellationToken)
    {
        if (calls.Paused is { } paused)
            return await DeferAsync(run, pin, paused, cancellationToken);
        var json = await recent.OfAsync(
            run, async () => await WithTraceAsync(run, inputs.OfAsync, cancellationToken));
        if (json is null)
            return null;

        var input = Input(run, evaluator, json);
        var start = time.GetUtcNow();
        var result = await calls.AskAsync(input, pin.Tries, cancellationToken);
        return result.Answer is { } answer
            ? CalledVerdict.Of(run, pin, evaluator, input, answer, start, time.GetUtcNow())
            : await DeferAsync(run, pin, result.Deferral!, cancellationToken);
    }

    private static EvaluatorInput Input(Run run, Evaluator evaluator, TraceJson trace) => new(
        DerivedIds.EvaluatorLog(run.LogId, run.Revision, evaluator.Id, evaluator.VersionId),
        run.LogId,
        run.Revision,
        evaluator.Path,
        evaluator.VersionId,
        trace.Json,
        trace.IsTruncated);

    /// <summary>Null where the content is not that of the run's revision any more.</summary>
    private ValueTask<T?> WithTraceAsync<T>(
        Run run, Func<OpenTrace, CancellationToken, Task<T?>> use, CancellationToken cancellationToken)
        where T : class =>
        resilience.ExecuteAsync(
            async token =>
            {
                await using var trace = await OpenTrace.OpenAsync(traces, run, token);
                using var room = trace.IsLarge ? await large.EnterAsync(Timeout.InfiniteTimeSpan, token) : null;
                await trace.ReadAsync();
                return trace.Digest == run.Digest ? await use(trace, token) : null;
            },
            cancellationToken);

    private async Task<EvaluatorLog?> DeferAsync(
        Run run, Pin pin, Deferral deferral, CancellationToken cancellationToken)
    {
        for (var races = 0; races < MostRaces; races++)
        {
            var stored = await runs.ReadAsync(run.LogId, cancellationToken);
            if (stored is null || EvaluationProgress.Defer(
                stored, run.Revision, pin, deferral, policy, time.GetUtcNow()) is not { } change)
                return null;
            if (await runs.SaveAsync(change.Run, change.Decisions, cancellationToken))
                return null;
        }

        return null;
    }
}
