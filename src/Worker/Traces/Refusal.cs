namespace Worker.Traces;

/// <summary>A message refused for good: why, which field, and a sentence that says what to do.</summary>
internal sealed record Refusal(RefusalReason Reason, string? Field, string Detail);
