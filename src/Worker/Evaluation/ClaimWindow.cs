namespace Worker.Evaluation;

/// <summary>
/// The runs that this process has claimed and not yet finished. While there are many, no more are claimed, because
/// claims that wait behind others would lapse and be made again. Measures elapsed time, because the clock may be set
/// back.
/// </summary>
internal sealed class ClaimWindow(TimeProvider time)
{
    public const int Limit = 1000;

    /// <summary>
    /// How long a claim counts where another worker may finish it, which this process does not hear of.
    /// </summary>
    public static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Since, TimeSpan Length)> _open = new(StringComparer.Ordinal);

    /// <summary>How many more may be claimed. Claims that have lapsed are forgotten.</summary>
    public int Room()
    {
        lock (_lock)
        {
            if (_open.Count >= Limit)
            {
                var ended = _open.Where(claim => time.GetElapsedTime(claim.Value.Since) >= claim.Value.Length);
                foreach (var (logId, _) in ended.ToList())
                    _open.Remove(logId);
            }

            return Math.Max(0, Limit - _open.Count);
        }
    }

    public void Open(IEnumerable<string> logIds, TimeSpan length)
    {
        var since = time.GetTimestamp();
        lock (_lock)
        {
            foreach (var logId in logIds)
                _open[logId] = (since, length);
        }
    }

    public void Close(string logId)
    {
        lock (_lock)
            _open.Remove(logId);
    }
}
