namespace Worker.Traces;

/// <summary>A message refused for good: why, which field, and a sentence that says what to do.</summary>
internal sealed record Refusal(RefusalReason Reason, string? Field, string Detail)
{
    /// <summary>
    /// What to say instead of <see cref="Detail"/> where content is not to be kept; null when it quotes none.
    /// </summary>
    public string? DetailWithoutContent { get; init; }
}
