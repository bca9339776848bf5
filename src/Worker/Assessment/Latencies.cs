namespace Worker.Assessment;

/// <summary>
/// How long things took. Kept by how often each length occurred, to 5 %, so that what is kept does not grow with them.
/// </summary>
internal sealed class Latencies
{
    private const double Step = 1.05;

    private readonly SortedDictionary<int, long> _counts = [];
    private TimeSpan _sum;

    public long Count { get; private set; }

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : _sum / Count;

    public TimeSpan Max { get; private set; }

    public void Add(TimeSpan time)
    {
        Count++;
        _sum += time;
        Max = time > Max ? time : Max;
        var length = (int)Math.Ceiling(Math.Log(Math.Max(0.001, time.TotalMilliseconds), Step));
        _counts[length] = _counts.GetValueOrDefault(length) + 1;
    }

    /// <summary>
    /// So many of them, or more, took no longer; at most 5 % too long, and never longer than the longest.
    /// </summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Quantile(double share)
    {
        var left = (long)Math.Ceiling(share * Count);
        foreach (var (length, count) in _counts)
        {
            if ((left -= count) <= 0)
                return TimeSpan.FromMilliseconds(Math.Min(Math.Pow(Step, length), Max.TotalMilliseconds));
        }

        return Max;
    }
}
