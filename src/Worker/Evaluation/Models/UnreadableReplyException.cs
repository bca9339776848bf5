namespace Worker.Evaluation.Models;

/// <summary>A provider answered, and not as chat completions do.</summary>
internal sealed class UnreadableReplyException(string message) : Exception(message);
