namespace Worker.Runs;

/// <summary>What became of one Evaluator in one revision. The wire names are these in snake case.</summary>
internal enum Outcome
{
    /// <summary>Begun, and not answered yet.</summary>
    Waiting,
    Ran,

    /// <summary>It could not be run: an Evaluator Log with <c>error</c> stands.</summary>
    Failed,
    Filtered,
    SampledOut,
    OverBudget,
    Paused,

    /// <summary>New content came before it began.</summary>
    Superseded,

    /// <summary>
    /// The content came after judgement, and <c>Traces:Late</c> is <c>ignore</c>; or so late that Evaluators that are
    /// called are not asked again.
    /// </summary>
    Late,
}
