namespace Worker.Traces;

/// <summary>
/// When something began and ended, as far as that is known: microseconds since the Unix epoch, UTC. Spans may be joined
/// in any order. A completion that is known by its receipt alone does not count as the end where a Log declares one: a
/// backlog of messages would make every trace look slow.
/// </summary>
internal readonly record struct LogSpan
{
    private const long NoStart = long.MaxValue;
    private const long NoEnd = long.MinValue;

    /// <summary>Neither start nor end is known.</summary>
    public static readonly LogSpan Unknown = new(null, null, null);

    private readonly long _start;
    private readonly long _end;
    private readonly long _received;

    /// <param name="end">As a Log, or the clock of whoever completed it, declares.</param>
    /// <param name="received">When the completion was received, where nothing else is known of its time.</param>
    public LogSpan(long? start, long? end, long? received)
        : this(start ?? NoStart, end ?? NoEnd, received ?? NoEnd)
    {
    }

    private LogSpan(long start, long end, long received)
    {
        _start = start;
        _end = end;
        _received = received;
    }

    public long? Start => _start == NoStart ? null : _start;

    public long? End => _end != NoEnd ? _end : _received != NoEnd ? _received : null;

    /// <summary>Both are known, and the end lies before the start: no duration.</summary>
    public bool IsReversed => End < Start;

    /// <summary>Null unless start and end are known, in this order.</summary>
    public TimeSpan? Duration => End - Start is { } microseconds and >= 0
        ? TimeSpan.FromMicroseconds(microseconds)
        : null;

    /// <summary>What the Log says of itself alone.</summary>
    public static LogSpan From(Log log) => log.CompletedAtIsReceipt
        ? new(log.StartedAt, log.EndedAt, log.CompletedAt)
        : new(log.StartedAt, Later(log.EndedAt, log.CompletedAt), null);

    /// <summary>From the earlier start to the later end.</summary>
    public LogSpan With(LogSpan other) =>
        new(Math.Min(_start, other._start), Math.Max(_end, other._end), Math.Max(_received, other._received));

    private static long? Later(long? left, long? right) => left is null || right > left ? right ?? left : left;
}
