namespace Worker.Diagnostics;

/// <summary>Something that stands still without having failed.</summary>
/// <param name="Sentence">What stands still, since when, and what to look at; without a full stop.</param>
/// <param name="IsOfProcess">
/// Nothing but this process can be at fault while its servers answer, and a new one would go on.
/// </param>
internal sealed record Stall(string Sentence, bool IsOfProcess = false);
