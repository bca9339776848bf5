using Worker.Errors;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Makes one attempt: runs the Evaluators that have not answered over the trace, and stores their verdicts together.
/// </summary>
internal sealed class AttemptRunner(
    IRunStore runs,
    ITraceStore traces,
    IEvaluatorLogStore verdicts,
    EvaluatorVersions versions,
    LargeTraces large,
    StoreResilience resilience,
    TimeProvider time)
{
    /// <summary>
    /// The verdicts are durable on return. False when there was nothing to do: the revision is over, has answered, or
    /// its content has changed, in which case the wake that follows the change brings the next revision. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<bool> RunAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var found = await resilience.ExecuteAsync(
            async token => await EvaluateAsync(attempt, token), cancellationToken);
        if (found is null)
            return false;
        await resilience.ExecuteAsync(async token => await verdicts.AddAsync(found, token), cancellationToken);
        return true;
    }

    private async Task<IReadOnlyList<EvaluatorLog>?> EvaluateAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var run = await runs.ReadAsync(attempt.LogId, cancellationToken);
        if (run is not { State: RunState.Evaluating } || run.Revision != attempt.Revision)
            return null;

        await using var trace = await OpenTrace.OpenAsync(traces, attempt.LogId, cancellationToken);
        using var room = trace.IsLarge ? await large.EnterAsync(Timeout.InfiniteTimeSpan, cancellationToken) : null;
        await trace.ReadAsync();
        if (trace.Digest != run.Digest)
            return null;

        var pins = new List<(Pin, Evaluator?)>();
        foreach (var pin in run.Pins.Where(pin => pin.Outcome == Outcome.Waiting))
            pins.Add((pin, await versions.FindAsync(pin, cancellationToken)));
        var jury = new Jury(run, pins, time);
        return await trace.GiveAsync(jury.Take, cancellationToken) ? jury.Verdicts() : null;
    }
}
