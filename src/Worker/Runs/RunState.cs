namespace Worker.Runs;

/// <summary>The saga's states.</summary>
internal enum RunState
{
    /// <summary>New content has come, and may still be coming.</summary>
    Settling,

    /// <summary>A revision has begun; not all its Evaluators have answered.</summary>
    Evaluating,

    /// <summary>The revision stands.</summary>
    Judged,
}
