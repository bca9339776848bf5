namespace Worker.Evaluation.Hosts;

/// <summary>How a host is started.</summary>
/// <param name="Environment">All that it gets: nothing of this process's own.</param>
internal sealed record HostCommand(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment);
