namespace Worker.Traces;

/// <summary>
/// A Log with everything under it: the tree over <c>trace_parent_id</c>, and what is folded from the members rather than stored.
/// Pure: made from what <c>ITraceStore.MembersAsync</c> returns.
/// </summary>
internal sealed class Trace
{
    private readonly Dictionary<string, List<Log>> _children = new(StringComparer.Ordinal);

    /// <param name="members">The head first; each once; none deleted.</param>
    public Trace(IReadOnlyList<Log> members)
    {
        Head = members[0];
        Members = members;
        foreach (var member in members)
        {
            if (member.Id == Head.Id || member.ParentId is not { } parent)
                continue;
            if (!_children.TryGetValue(parent, out var siblings))
                _children[parent] = siblings = [];
            siblings.Add(member);
        }

        var starts = Starts();
        foreach (var siblings in _children.Values)
            siblings.Sort((left, right) => ByStart(left, right, starts));
    }

    public Log Head { get; }

    /// <summary>The head and everything under it, each once.</summary>
    public IReadOnlyList<Log> Members { get; }

    /// <summary>The Logs directly under that one, by start, then receipt, then id.</summary>
    public IReadOnlyList<Log> ChildrenOf(string logId) => _children.TryGetValue(logId, out var children) ? children : [];

    /// <summary>Every Log that is reached from the head, parents before their children. Logs on a cycle elsewhere are not reached.</summary>
    public IReadOnlyList<Log> TopDown()
    {
        List<Log> ordered = [Head];
        for (var i = 0; i < ordered.Count; i++)
            ordered.AddRange(ChildrenOf(ordered[i].Id));
        return ordered;
    }

    /// <summary>The earliest start that each Log or anything under it declares: a Flow Log often has none of its own.</summary>
    private Dictionary<string, long> Starts()
    {
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var log in TopDown().Reverse())
        {
            if (log.StartedAt is { } own && own < starts.GetValueOrDefault(log.Id, long.MaxValue))
                starts[log.Id] = own;
            if (log.ParentId is { } parent && starts.TryGetValue(log.Id, out var start) && start < starts.GetValueOrDefault(parent, long.MaxValue))
                starts[parent] = start;
        }

        return starts;
    }

    private static int ByStart(Log left, Log right, Dictionary<string, long> starts)
    {
        var order = starts.GetValueOrDefault(left.Id, left.FirstReceivedAt).CompareTo(starts.GetValueOrDefault(right.Id, right.FirstReceivedAt));
        if (order == 0)
            order = left.FirstReceivedAt.CompareTo(right.FirstReceivedAt);
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }
}
