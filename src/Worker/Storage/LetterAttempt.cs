namespace Worker.Storage;

/// <summary>One time at which a message was refused.</summary>
/// <param name="Number">From 1 on; the first was the message's own, each other followed a redrive.</param>
/// <param name="At">When the letter was written.</param>
/// <param name="Reason">The reason's wire name.</param>
/// <param name="Detail">The fault as a sentence; null where it would tell of what was not to be saved.</param>
internal sealed record LetterAttempt(int Number, DateTimeOffset At, string Reason, string? Detail);
