using Worker.Runs;

namespace Worker.Evaluation;

/// <summary>What came of a trial.</summary>
/// <param name="Verdict">As it would be stored; null where there would be none.</param>
/// <param name="Why">Where there is none: why, as a sentence.</param>
internal sealed record TrialResult(EvaluatorLog? Verdict, string? Why);
