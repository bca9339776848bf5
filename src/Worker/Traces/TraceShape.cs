namespace Worker.Traces;

/// <summary>
/// A trace without its contents: who is under whom, of what kind, and when. Some hundred bytes a Log, so that a trace
/// of any size is known as a whole, while its Logs come and go. A Log has its place by the order of reading.
/// </summary>
internal sealed class TraceShape
{
    private readonly OrderedDictionary<string, TraceNode> _nodes = new(StringComparer.Ordinal);
    private LogSpan[]? _spans;

    public int Count => _nodes.Count;

    /// <summary>By place.</summary>
    public IReadOnlyList<string> Ids => _nodes.Keys;

    public TraceNode this[int place] => _nodes.GetAt(place).Value;

    /// <summary>Below 0 where it is no member.</summary>
    public int PlaceOf(string id) => _nodes.IndexOf(id);

    /// <summary>Adds the next Log: the head first, and none before the one it is under. Returns its place.</summary>
    public int Add(Log log) => Add(log, LogSpan.From(log));

    /// <inheritdoc cref="Add(Log)"/>
    public int Add(Log log, LogSpan own)
    {
        var parent = log.ParentId is { } id ? _nodes.IndexOf(id) : -1;
        _nodes.Add(log.Id, new(parent, log.Kind, log.Version, LogSize.Of(log), log.FirstReceivedAt, own));
        _spans = null;
        return _nodes.Count - 1;
    }

    /// <summary>Of the Log there with everything under it.</summary>
    public LogSpan SpanOf(int place) => (_spans ??= Spans())[place];

    private LogSpan[] Spans()
    {
        var spans = new LogSpan[Count];
        for (var place = 0; place < spans.Length; place++)
            spans[place] = this[place].Own;

        // Goes backwards: what is under a Log comes after it, so each span is complete before it is joined to the one
        // above.
        for (var place = spans.Length - 1; place > 0; place--)
        {
            if (this[place].Parent is >= 0 and var parent)
                spans[parent] = spans[parent].With(spans[place]);
        }

        return spans;
    }
}
