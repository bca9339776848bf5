namespace Worker.Storage;

/// <summary>What is stamped on a Log when its trace settles: for queries; computed again on every read.</summary>
/// <param name="TraceId">The outermost Flow Log; null outside any trace.</param>
/// <param name="TraceFlowId">The File of that Flow Log.</param>
/// <param name="Late">
/// It came after judgement, and <c>Traces:Late</c> is <c>ignore</c>: kept, outside the trace.
/// </param>
internal sealed record TraceLabel(string LogId, string? TraceId, string? TraceFlowId, bool Late);
