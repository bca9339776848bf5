using Worker.Runs;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// One Evaluator that judges one trace. When it fails, that is a result, too: the verdict's error. Only a lack of
/// memory, which says nothing about the trace, is thrown, and the run stays due.
/// </summary>
/// <param name="evaluator">Null where nobody knows the pinned Version.</param>
internal sealed class Juror(Pin pin, Evaluator? evaluator)
{
    private readonly Fold<bool>? _when = evaluator?.When?.Begin();
    private Fold<JsonValue>? _fold;
    private string? _error = evaluator is null
        ? $"Version {pin.EvaluatorVersionId} of this Evaluator is neither in the files " +
            "nor stored in a form that this program reads."
        : null;

    /// <summary>It is not called: its verdict is here once every member was given.</summary>
    public bool IsAtOnce => evaluator?.Judging.Call is null;

    public void Take(Member member)
    {
        if (_error is not null)
            return;
        try
        {
            _when?.Take(member);
            if (!IsAtOnce)
                return;
            _fold ??= evaluator!.Judging.Begin!();
            _fold.Take(member);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _error = Words(failure);
        }
    }

    /// <summary>The pin as it is where the Evaluator does not judge this trace; null where it does.</summary>
    public Pin? Filtered() => evaluator?.When?.WhyNot(_when!) is { } reason
        ? pin with { Outcome = Outcome.Filtered, Reason = reason }
        : null;

    public EvaluatorLog Verdict(Run run, DateTimeOffset start, DateTimeOffset end)
    {
        var judgment = Judgment();
        return new()
        {
            Id = DerivedIds.EvaluatorLog(run.LogId, run.Revision, pin.EvaluatorId, pin.EvaluatorVersionId),
            LogId = run.LogId,
            Revision = run.Revision,
            EvaluatorId = pin.EvaluatorId,
            EvaluatorVersionId = pin.EvaluatorVersionId,
            Path = evaluator?.Path ?? pin.EvaluatorId,
            Judgment = judgment,
            Error = _error,
            StartTime = start,
            EndTime = end,
            Spec = evaluator?.Spec,
        };
    }

    /// <summary>Null is an abstention, or a failure.</summary>
    private JsonValue? Judgment()
    {
        if (_error is not null)
            return null;
        try
        {
            var judgment = _fold?.Result();
            _error = evaluator!.Judging.Returns.Problem(judgment);
            return _error is null ? judgment : null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _error = Words(failure);
            return null;
        }
    }

    private static string Words(Exception failure) => $"{failure.GetType().Name}: {failure.Message}";
}
