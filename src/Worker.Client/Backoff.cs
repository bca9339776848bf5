namespace Worker.Client;

/// <summary>When the broker is tried again: after 1 s, then twice as long each time, up to 30 s.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _pause;
    private long _since;

    public bool IsOver => Remaining == TimeSpan.Zero;

    public TimeSpan Remaining
    {
        get
        {
            var remaining = _pause == TimeSpan.Zero ? _pause : _pause - time.GetElapsedTime(_since);
            return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }
    }

    public void Failed()
    {
        _pause = _pause == TimeSpan.Zero ? Shortest : TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, Longest.Ticks));
        _since = time.GetTimestamp();
    }

    public void Succeeded() => _pause = TimeSpan.Zero;
}
