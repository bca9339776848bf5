namespace Worker.Runs;

/// <summary>One Evaluator of a revision, as it was when the revision began, and what became of it.</summary>
/// <param name="EvaluatorId">The Evaluator's File.</param>
/// <param name="EvaluatorVersionId">The Version that is run, retries included.</param>
/// <param name="Outcome">Never goes back to <see cref="Runs.Outcome.Waiting"/>.</param>
/// <param name="Reason">A sentence; null where the outcome says all.</param>
/// <param name="NotBefore">While it waits: it is not asked before then. Null is at once.</param>
/// <param name="Tries">How often it was asked and could not answer.</param>
internal sealed record Pin(
    string EvaluatorId,
    string EvaluatorVersionId,
    Outcome Outcome,
    string? Reason,
    DateTimeOffset? NotBefore = null,
    int Tries = 0)
{
    /// <summary>
    /// No Evaluator is put off for longer. What says more was set by a clock that has been set back since.
    /// </summary>
    public static readonly TimeSpan LongestDeferral = TimeSpan.FromHours(25);

    public bool IsWaiting => Outcome == Outcome.Waiting;

    /// <summary>It has not answered, and may be asked.</summary>
    public bool IsOwed(DateTimeOffset now) =>
        IsWaiting && !(NotBefore > now && NotBefore <= now + LongestDeferral);
}
