namespace Worker.Evaluation;

/// <summary>A trace as an Evaluator that is called gets it.</summary>
/// <param name="Json">The judged Log, with what is under it.</param>
/// <param name="IsTruncated">It was too large, and is cut.</param>
internal sealed record TraceJson(ReadOnlyMemory<byte> Json, bool IsTruncated);
