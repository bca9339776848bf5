namespace Worker.Evaluation.Models;

/// <summary>There is nothing to ask of a model about this trace.</summary>
/// <param name="abstains">What is asked about is not in the trace: no failure.</param>
internal sealed class NoPromptException(string message, bool abstains = false) : Exception(message)
{
    public bool Abstains => abstains;
}
