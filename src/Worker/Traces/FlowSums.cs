namespace Worker.Traces;

/// <summary>
/// The sums that Flow Logs show, folded from everything under them while the members go by. Holds no more than there
/// are Flow Logs.
/// </summary>
internal sealed class FlowSums(TraceShape shape)
{
    private const int None = -1;

    private readonly List<int> _flowOf = [];
    private readonly Dictionary<int, LogSums> _sums = [];
    private bool _isFolded;

    /// <summary>Adds the Log of the next place.</summary>
    public void Add(Log log)
    {
        var place = _flowOf.Count;
        var parent = shape[place].Parent;
        var flow = log.Kind == LogKind.Flow ? place : parent >= 0 ? _flowOf[parent] : None;
        _flowOf.Add(flow);
        if (flow != None)
            _sums[flow] = _sums.GetValueOrDefault(flow, LogSums.None).With(LogSums.From(log));
    }

    /// <summary>Of the Flow Log there with everything under it, once all were added.</summary>
    public LogSums At(int place)
    {
        if (!_isFolded)
            Fold();
        return _sums[place];
    }

    /// <summary>
    /// Goes backwards: what is under a Flow Log comes after it, so each sum is complete before it is added to the one
    /// above.
    /// </summary>
    private void Fold()
    {
        for (var place = _flowOf.Count - 1; place > 0; place--)
        {
            if (_flowOf[place] == place && shape[place].Parent is >= 0 and var parent
                && _flowOf[parent] is >= 0 and var above)
                _sums[above] = _sums[above].With(_sums[place]);
        }

        _isFolded = true;
    }
}
