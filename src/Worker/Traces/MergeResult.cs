namespace Worker.Traces;

/// <summary>What a message did to a Log.</summary>
internal enum MergeOutcome
{
    Stored,
    Unchanged,

    /// <summary>A repeat of a message that nothing names but its own body.</summary>
    Collapsed,

    /// <summary>The Log was deleted; its tombstone took the message in.</summary>
    Absorbed,
    Refused,
}

/// <param name="Log">The merged Log; what stood before when nothing changed or the message was refused; null when it was refused and nothing stood.</param>
/// <param name="Refusal">Set when refused.</param>
internal sealed record MergeResult(Log? Log, MergeOutcome Outcome, Refusal? Refusal = null);
