using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>The labels that a settled trace gives its Logs.</summary>
internal static class TraceLabels
{
    /// <param name="members">The ids of the Log that settled first, and of all under it; not on a cycle.</param>
    /// <param name="path">That Log and the chain above it, as far as stored.</param>
    public static IEnumerable<TraceLabel> Settled(IEnumerable<string> members, IReadOnlyList<Log> path)
    {
        // A chain that ends in a cycle leaves out the Logs on it: they belong to no trace.
        var end = path[^1].ParentId is { } parent ? path.ToList().FindIndex(log => log.Id == parent) : -1;
        var outermost = path.Take(end < 0 ? path.Count : end).LastOrDefault(log => log.MayHeadTrace);
        return members.Select(
            member => new TraceLabel(member, outermost?.Id, outermost?.Resolution?.FileId, Late: false));
    }

    /// <summary>The labels of Logs that came too late: outside any trace.</summary>
    public static IEnumerable<TraceLabel> Late(IEnumerable<string> logIds) =>
        logIds.Select(logId => new TraceLabel(logId, null, null, Late: true));

    /// <summary>
    /// Those that say something new. A Log that was late for one trace stays so, unless late content is judged again.
    /// </summary>
    public static IReadOnlyList<TraceLabel> Changed(
        IReadOnlyList<TraceLabel> labels, IReadOnlyDictionary<string, TraceLabel> standing, LatePolicy policy)
    {
        return [.. labels.Where(label => !standing.TryGetValue(label.LogId, out var old) || Differs(label, old))];

        bool Differs(TraceLabel label, TraceLabel old) =>
            label != old && !(old.Late && policy == LatePolicy.Ignore);
    }
}
