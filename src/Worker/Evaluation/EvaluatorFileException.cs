namespace Worker.Evaluation;

/// <summary>
/// Evaluator files that cannot be used. The message is one sentence, or a line for each mistake: file, line, key, and
/// what is accepted.
/// </summary>
internal sealed class EvaluatorFileException(string message) : Exception(message);
