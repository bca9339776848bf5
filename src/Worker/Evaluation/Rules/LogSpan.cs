using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>
/// How long Logs took, in seconds: a Tool or Prompt Log from its own start to its own end; a Flow Log from the earliest start
/// under it to the latest end, which is not before the instant it was completed.
/// </summary>
internal static class LogSpan
{
    /// <summary>Null when no start or no end is known.</summary>
    public static double? Seconds(Trace trace, Log log) => Seconds(trace, [log]);

    /// <summary>From the earliest start to the latest end among those Logs.</summary>
    public static double? Seconds(Trace trace, IEnumerable<Log> logs)
    {
        var (start, end) = (long.MaxValue, long.MinValue);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Log>(logs);
        while (open.TryPop(out var log))
        {
            if (!seen.Add(log.Id))
                continue;
            start = Math.Min(start, log.StartedAt ?? long.MaxValue);
            end = Math.Max(end, Math.Max(log.EndedAt ?? long.MinValue, log.CompletedAt ?? long.MinValue));
            if (log.Kind != LogKind.Flow)
                continue;
            foreach (var child in trace.ChildrenOf(log.Id))
                open.Push(child);
        }

        return start == long.MaxValue || end == long.MinValue ? null : (end - start) / 1e6;
    }
}
