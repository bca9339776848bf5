using Worker.Evaluation;

namespace Worker.Assessment;

/// <summary>Whose verdicts are compared with people's.</summary>
/// <param name="Id">Of its File.</param>
/// <param name="Path">Its id where it has none.</param>
/// <param name="Current">In the files; null where they hold no such Evaluator.</param>
internal sealed record ComparedEvaluator(string Id, string Path, Evaluator? Current);
