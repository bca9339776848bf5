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
