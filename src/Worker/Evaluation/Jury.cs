using Worker.Runs;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Evaluators that judge one trace together: each member is given to all of them. One that fails touches no other.
/// </summary>
/// <param name="run">As its revision began.</param>
/// <param name="pins">Those who are to judge. An Evaluator is null where nobody knows that Version.</param>
internal sealed class Jury(Run run, IEnumerable<(Pin Pin, Evaluator? Evaluator)> pins, TimeProvider time)
{
    private readonly DateTimeOffset _begun = time.GetUtcNow();
    private readonly List<Juror> _jurors = [.. pins.Select(each => new Juror(each.Pin, each.Evaluator))];

    public void Take(Member member)
    {
        foreach (var juror in _jurors)
            juror.Take(member);
    }

    /// <summary>Once every member was given: of those who judge this trace, and are not called.</summary>
    public IReadOnlyList<EvaluatorLog> Verdicts() =>
    [
        .. _jurors
            .Where(juror => juror.IsAtOnce && juror.Filtered() is null)
            .Select(juror => juror.Verdict(run, _begun, time.GetUtcNow())),
    ];

    /// <summary>Once every member was given: those who do not judge this trace, each with why.</summary>
    public IReadOnlyList<Pin> Filtered() => [.. _jurors.Select(juror => juror.Filtered()).OfType<Pin>()];
}
