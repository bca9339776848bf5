namespace Worker.Evaluation;

/// <summary>An Evaluator could not be asked now; another try may do.</summary>
/// <param name="message">A sentence for the operator.</param>
/// <param name="retryAfter">Not before so long, as the other side says; null where it does not say.</param>
internal sealed class TransientCallException(
    string message, TimeSpan? retryAfter = null, Exception? innerException = null) : Exception(message, innerException)
{
    public TimeSpan? RetryAfter => retryAfter;
}
