namespace Worker.Evaluation;

/// <summary>
/// An Evaluator can judge no trace now, and only an operator can change that: its credentials were refused, its account
/// is empty, or what it needs is not there. It is paused, and probed.
/// </summary>
/// <param name="message">A sentence that says what to do.</param>
internal sealed class EvaluatorPausedException(string message, Exception? innerException = null)
    : Exception(message, innerException);
