namespace Worker.Evaluation.Models;

/// <summary>What a model is asked, with what tells data from the question.</summary>
internal sealed record FilledPrompt(string Text, DataMark Mark);
