using Worker.Runs;

namespace Worker.Evaluation;

/// <summary>What came of asking an Evaluator: its answer, or that it is put off. One of the two is null.</summary>
internal sealed record CallResult(EvaluatorAnswer? Answer, Deferral? Deferral);
