namespace Worker.Storage;

/// <summary>A Flow Log on the way up.</summary>
internal sealed record FlowAbove(string LogId, bool IsComplete);
