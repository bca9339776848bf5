namespace Worker.Evaluation;

/// <summary>Why a stored Log has no run. The wire names are these in snake case.</summary>
internal enum NotJudgedReason
{
    /// <summary>It is not finished by its own account.</summary>
    NotComplete,

    /// <summary>No Evaluator is attached to it.</summary>
    NotAttached,

    /// <summary>It is a verdict that lies deeper than <c>Evaluation:MaxDepth</c>.</summary>
    TooDeep,

    /// <summary>Its parents lead back to it.</summary>
    Cycle,

    /// <summary>It was deleted.</summary>
    Deleted,
}
