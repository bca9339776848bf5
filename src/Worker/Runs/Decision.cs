namespace Worker.Runs;

/// <summary>
/// Why an Evaluator did or did not judge a revision: one per (Log, revision, Evaluator). What <c>explain</c> shows.
/// </summary>
internal sealed record Decision(
    string LogId,
    int Revision,
    string EvaluatorId,
    string EvaluatorVersionId,
    Outcome Outcome,
    string? Reason,
    DateTimeOffset At);
