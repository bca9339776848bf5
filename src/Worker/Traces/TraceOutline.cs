namespace Worker.Traces;

/// <summary>
/// A trace in the order in which people read it: each Log, then what is under it, by start, then receipt, then id.
/// </summary>
internal static class TraceOutline
{
    /// <summary>Every Log that is reached from the head.</summary>
    public static IReadOnlyList<TraceLine> Lines(TraceShape shape)
    {
        var (children, from) = Children(shape);
        var lines = new List<TraceLine>(shape.Count);
        var open = new Stack<TraceLine>();
        open.Push(Line(0, depth: 0, isLast: true));
        while (open.TryPop(out var line))
        {
            lines.Add(line);
            var end = from[line.Place + 1];
            for (var i = end - 1; i >= from[line.Place]; i--)
                open.Push(Line(children[i], line.Depth + 1, isLast: i == end - 1));
        }

        return lines;

        TraceLine Line(int place, int depth, bool isLast) => new(
            place, depth, isLast, IsLeaf: from[place] == from[place + 1]);
    }

    /// <summary>
    /// The places of all Logs that are under another, grouped by that one, in order; and for each place, where its
    /// group begins.
    /// </summary>
    private static (int[] Children, int[] From) Children(TraceShape shape)
    {
        var children = Enumerable.Range(0, shape.Count).Where(place => shape[place].Parent >= 0).ToArray();
        Array.Sort(children, (left, right) => InOrder(shape, left, right));
        var from = new int[shape.Count + 1];
        foreach (var child in children)
            from[shape[child].Parent + 1]++;
        for (var place = 0; place < shape.Count; place++)
            from[place + 1] += from[place];
        return (children, from);
    }

    private static int InOrder(TraceShape shape, int left, int right)
    {
        var (one, other) = (shape[left], shape[right]);
        var order = one.Parent.CompareTo(other.Parent);
        if (order == 0)
            order = StartOf(left, one).CompareTo(StartOf(right, other));
        if (order == 0)
            order = one.FirstReceivedAt.CompareTo(other.FirstReceivedAt);
        return order != 0 ? order : string.CompareOrdinal(shape.Ids[left], shape.Ids[right]);

        // A Flow Log often has no start of its own.
        long StartOf(int place, TraceNode node) => shape.SpanOf(place).Start ?? node.FirstReceivedAt;
    }
}
