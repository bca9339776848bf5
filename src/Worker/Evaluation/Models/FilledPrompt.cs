namespace Worker.Evaluation.Models;

/// <summary>What a model is asked, with what tells data from the question.</summary>
/// <param name="IsCut">A value was too long, and is not there whole.</param>
internal sealed record FilledPrompt(string Text, DataMark Mark, bool IsCut);
