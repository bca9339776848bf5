namespace Worker.DeadLetters;

/// <summary>What a redrive did.</summary>
/// <param name="Redriven">Letters sent again, the canary included.</param>
/// <param name="Withheld">Letters without a body, which stay.</param>
/// <param name="Stopped">Why the others were not sent, as a sentence; null when all were.</param>
internal sealed record RedriveReport(int Redriven, int Withheld, string? Stopped = null);
