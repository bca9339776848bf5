using Worker.Evaluation.Rules;

namespace Worker.Evaluation.Models;

/// <summary>A piece of a template: text, or a variable.</summary>
/// <param name="Text">The text, or the variable as it was written.</param>
internal sealed record PromptPart(string Text, bool IsVariable = false)
{
    /// <summary>What of the judged Log.</summary>
    public FieldPath? Field { get; init; }

    public MappedInput? Input { get; init; }
}
