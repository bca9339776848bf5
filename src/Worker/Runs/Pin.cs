namespace Worker.Runs;

/// <summary>One Evaluator of a revision, as it was when the revision began, and what became of it.</summary>
/// <param name="EvaluatorId">The Evaluator's File.</param>
/// <param name="EvaluatorVersionId">The Version that is run, retries included.</param>
/// <param name="Outcome">Never goes back to <see cref="Runs.Outcome.Waiting"/>.</param>
/// <param name="Reason">A sentence; null where the outcome says all.</param>
internal sealed record Pin(string EvaluatorId, string EvaluatorVersionId, Outcome Outcome, string? Reason);
