using Worker.Runs;

namespace Worker.Evaluation;

/// <summary>What came of a trial.</summary>
/// <param name="Verdict">As it would be stored; null where there would be none.</param>
/// <param name="Why">Where there is none: why, as a sentence.</param>
internal sealed record TrialResult(EvaluatorLog? Verdict, string? Why)
{
    /// <summary>The Evaluator does not judge this trace: its <c>when</c> does not hold.</summary>
    public bool IsFiltered { get; init; }

    /// <summary>It could not be asked now, or did not answer; null where it was asked without budgets.</summary>
    public Deferral? Deferral { get; init; }
}
