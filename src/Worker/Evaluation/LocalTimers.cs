namespace Worker.Evaluation;

/// <summary>
/// The due times of runs that this process woke, so that they need not wait for a scan. Only a hint: the store knows them too.
/// Times are rounded up to <see cref="Grain"/>, so that runs falling due together are claimed together.
/// </summary>
internal sealed class LocalTimers
{
    public static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly SortedSet<DateTimeOffset> _times = [];
    private TaskCompletionSource _earlier = NewSignal();

    public void Set(DateTimeOffset due)
    {
        var time = new DateTimeOffset((due.UtcTicks + Grain.Ticks - 1) / Grain.Ticks * Grain.Ticks, TimeSpan.Zero);
        lock (_lock)
        {
            if (!_times.Add(time) || _times.Min != time)
                return;
            _earlier.TrySetResult();
            _earlier = NewSignal();
        }
    }

    /// <summary>
    /// Forgets the times up to <paramref name="now"/>. Returns the next one, null when there is none, and a task that ends when
    /// an earlier one is set.
    /// </summary>
    public (DateTimeOffset? Next, Task Earlier) After(DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_times.Count > 0 && _times.Min <= now)
                _times.Remove(_times.Min);
            return (_times.Count > 0 ? _times.Min : null, _earlier.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
