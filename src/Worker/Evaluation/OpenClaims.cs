namespace Worker.Evaluation;

/// <summary>
/// The runs that this process has claimed and not yet seen through. While there are many, no more are claimed: claims that wait
/// behind others would lapse, and be made again.
/// </summary>
internal sealed class OpenClaims
{
    public const int Limit = 1000;

    /// <summary>How long a claim counts where another worker may see it through, of which nothing is heard here.</summary>
    public static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _open = new(StringComparer.Ordinal);

    /// <summary>How many more may be claimed. Claims that have lapsed by <paramref name="now"/> are forgotten.</summary>
    public int Room(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_open.Count >= Limit)
            {
                foreach (var (logId, _) in _open.Where(claim => claim.Value <= now).ToList())
                    _open.Remove(logId);
            }

            return Math.Max(0, Limit - _open.Count);
        }
    }

    public void Open(IEnumerable<string> logIds, DateTimeOffset until)
    {
        lock (_lock)
        {
            foreach (var logId in logIds)
                _open[logId] = until;
        }
    }

    public void Close(string logId)
    {
        lock (_lock)
            _open.Remove(logId);
    }
}
