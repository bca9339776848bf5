namespace Worker.Models;

/// <summary>A provider gave no answer, or not the whole of it.</summary>
/// <param name="sentence">What happened, without secrets.</param>
/// <param name="retryAfter">When to ask again, as the provider said it.</param>
internal sealed class ModelCallException(
    ModelFault fault, string sentence, string? retryAfter = null, Exception? cause = null)
    : Exception(sentence, cause)
{
    public ModelFault Fault { get; } = fault;

    public string? RetryAfter { get; } = retryAfter;
}
