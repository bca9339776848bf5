namespace Worker.Storage;

/// <summary>How an act ended. The stored names are these in snake case.</summary>
internal enum AuditOutcome
{
    /// <summary>It is under way; or whoever was at it was killed, or could not write the end: it may be done.</summary>
    Begun,

    Done,

    /// <summary>There was nothing that it could be done to.</summary>
    Nothing,

    /// <summary>It ended early. What the counts say was done.</summary>
    Failed,
}
