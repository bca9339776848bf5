namespace Worker.Evaluation.Python;

/// <summary>What became of one call.</summary>
/// <param name="ExitCode">Of the call's process; below zero, the signal that ended it.</param>
/// <param name="Output">What it printed, up to the bound.</param>
/// <param name="Result">
/// JSON: <c>judgment</c> and <c>reason</c>, or <c>error</c>, or <c>memory</c>. It was written by the Evaluator's own
/// process, so it may be anything.
/// </param>
internal sealed record PythonReply(PythonOutcome Outcome, int ExitCode, byte[] Output, byte[] Result);
