namespace Worker.Runs;

/// <summary>Why an Evaluator is not asked now, and when it may be.</summary>
/// <param name="Outcome">What <c>explain</c> says until then: waiting, over_budget or paused.</param>
/// <param name="Reason">A sentence.</param>
/// <param name="Until">Not before then.</param>
/// <param name="IsTry">It was asked, and could not answer.</param>
internal sealed record Deferral(Outcome Outcome, string Reason, DateTimeOffset Until, bool IsTry);
