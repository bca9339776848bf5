using Worker.Traces;

namespace Worker.Storage;

/// <summary>A Log on the way up.</summary>
/// <param name="IsComplete">A Flow Log that is complete; false for all others.</param>
internal sealed record Ancestor(string LogId, LogKind Kind, bool IsComplete);
