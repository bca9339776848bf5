namespace Worker.Traces;

/// <summary>A Log after one more message.</summary>
/// <param name="Log">
/// What stands now: the very object that stood before when nothing changed; null when nothing stood and the message was
/// refused.
/// </param>
/// <param name="Refusal">Set when refused.</param>
internal readonly record struct MergeResult(Log? Log, MergeOutcome Outcome, Refusal? Refusal = null);

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
