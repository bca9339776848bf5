using Worker.Runs;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Evaluators that judge one trace together: each member is given to all of them. One that fails touches no other.
/// </summary>
internal sealed class Jury
{
    private readonly Run _run;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _begun;
    private readonly List<Juror> _jurors;

    /// <param name="run">As its revision began.</param>
    /// <param name="pins">Those who are to judge. An Evaluator is null where nobody knows that Version.</param>
    public Jury(Run run, IEnumerable<(Pin Pin, Evaluator? Evaluator)> pins, TimeProvider time)
    {
        (_run, _time, _begun) = (run, time, time.GetUtcNow());
        _jurors = [.. pins.Select(each => new Juror(each.Pin, each.Evaluator))];
    }

    public void Take(Member member)
    {
        foreach (var juror in _jurors)
            juror.Take(member);
    }

    /// <summary>Once every member was given.</summary>
    public IReadOnlyList<EvaluatorLog> Verdicts() =>
        [.. _jurors.Select(juror => juror.Verdict(_run, _begun, _time.GetUtcNow()))];
}
