namespace Worker.Evaluation.Hosts;

/// <summary>What became of one call.</summary>
/// <param name="ExitCode">Of the call's process; below zero, the signal that ended it.</param>
/// <param name="Output">What it printed, up to the bound.</param>
/// <param name="Result">
/// JSON: <c>judgment</c> and <c>reason</c>, or <c>pair</c>, or <c>error</c>, or <c>memory</c>. It was written by the
/// Evaluator's own process, so it may be anything.
/// </param>
internal sealed record CodeReply(CodeOutcome Outcome, int ExitCode, byte[] Output, byte[] Result);
