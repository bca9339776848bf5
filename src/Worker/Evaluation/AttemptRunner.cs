using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>Makes one attempt: evaluates what has not answered over one trace, and stores the verdicts together.</summary>
internal sealed class AttemptRunner(
    IRunStore runs,
    ITraceStore traces,
    IEvaluatorLogStore verdicts,
    EvaluatorVersions versions,
    HandOver handOver,
    StoreResilience resilience,
    TimeProvider time)
{
    /// <summary>
    /// The verdicts are durable on return. False when there was nothing to do: the revision is over, has answered, or its content has
    /// changed, in which case the wake that follows the change brings the next revision. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<bool> RunAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        if (await resilience.ExecuteAsync(token => ReadAsync(attempt, token), cancellationToken) is not var (run, members))
            return false;

        var trace = new Trace(members);
        var found = new List<EvaluatorLog>();
        foreach (var pin in run.Pins.Where(pin => pin.Outcome == Outcome.Waiting))
        {
            var evaluator = await resilience.ExecuteAsync(token => versions.FindAsync(pin, token), cancellationToken);
            found.Add(Evaluate(run, pin, evaluator, trace));
        }

        await resilience.ExecuteAsync(async token => await verdicts.AddAsync(found, token), cancellationToken);
        return true;
    }

    private async ValueTask<(Run Run, IReadOnlyList<Log> Members)?> ReadAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var run = await runs.ReadAsync(attempt.LogId, cancellationToken);
        if (run is not { State: RunState.Evaluating, Digest: { } digest } || run.Revision != attempt.Revision)
            return null;
        if (handOver.Take(attempt.LogId, digest) is { } handed)
            return (run, handed);

        var members = await traces.MembersAsync(attempt.LogId, cancellationToken);
        return members.Count > 0 && TraceDigest.Of(members) == digest ? (run, members) : null;
    }

    private EvaluatorLog Evaluate(Run run, Pin pin, Evaluator? evaluator, Trace trace)
    {
        var start = time.GetUtcNow();
        var (judgment, error) = evaluator is null
            ? (null, $"Version {pin.EvaluatorVersionId} of this Evaluator is neither in the files nor stored in a form that this program reads.")
            : Judge(evaluator, trace);
        return new EvaluatorLog
        {
            Id = DerivedIds.EvaluatorLog(run.LogId, run.Revision, pin.EvaluatorId, pin.EvaluatorVersionId),
            LogId = run.LogId,
            Revision = run.Revision,
            EvaluatorId = pin.EvaluatorId,
            EvaluatorVersionId = pin.EvaluatorVersionId,
            Path = evaluator?.Path ?? pin.EvaluatorId,
            Judgment = judgment,
            Error = error,
            StartTime = start,
            EndTime = time.GetUtcNow(),
            Spec = evaluator?.Spec,
        };
    }

    /// <summary>A failure is a result: it stands as the verdict's error and touches no other Evaluator.</summary>
    private static (JsonValue? Judgment, string? Error) Judge(Evaluator evaluator, Trace trace)
    {
        try
        {
            var judgment = evaluator.Judge(trace);
            return evaluator.Returns.Problem(judgment) is { } problem ? (null, problem) : (judgment, null);
        }
        catch (Exception failure)
        {
            return (null, $"{failure.GetType().Name}: {failure.Message}");
        }
    }
}
