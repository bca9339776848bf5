namespace Worker.Storage;

/// <summary>What is written down of. The stored names are these in snake case.</summary>
internal enum AuditAct
{
    /// <summary>Dead letters were put back to where messages come in.</summary>
    LettersRedriven,

    /// <summary>Dead letters were thrown away.</summary>
    LettersDiscarded,

    /// <summary>Logs were deleted, with what is beneath them.</summary>
    LogsDeleted,

    /// <summary>An export was read in.</summary>
    LogsImported,

    LogPinned,

    LogUnpinned,

    /// <summary>What the rules of retention let go was removed.</summary>
    RetentionRun,

    KeyCreated,

    KeyRevoked,

    /// <summary>In a worker's files, or by HTTP; so with the next two.</summary>
    EvaluatorAdded,

    EvaluatorChanged,

    EvaluatorRemoved,

    /// <summary>To a File or from it.</summary>
    EvaluatorsAttached,

    /// <summary>A worker does not ask it for a while.</summary>
    EvaluatorPaused,

    EvaluatorResumed,

    /// <summary>To an Environment of a File.</summary>
    VersionDeployed,

    VersionUndeployed,
}
