namespace Worker.Evaluation;

/// <summary>
/// When runs that this process woke fall due, so that they need not wait for a scan. Only a hint: the store knows it
/// too. Measures elapsed time, because the clock may be set back. Times are rounded up to <see cref="Grain"/>, so that
/// runs falling due together are claimed together.
/// </summary>
internal sealed class LocalDueTimes(TimeProvider time)
{
    public static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);

    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly SortedSet<TimeSpan> _times = [];
    private TaskCompletionSource _earlier = NewSignal();

    private TimeSpan Now => time.GetElapsedTime(_start);

    public void Set(TimeSpan fromNow)
    {
        var due = new TimeSpan((Now + fromNow + Grain - TimeSpan.FromTicks(1)).Ticks / Grain.Ticks * Grain.Ticks);
        lock (_lock)
        {
            if (!_times.Add(due) || _times.Min != due)
                return;
            _earlier.TrySetResult();
            _earlier = NewSignal();
        }
    }

    /// <summary>
    /// Forgets the times that have come. Returns how long it is to the next one, null when there is none, and a task
    /// that ends when an earlier one is set.
    /// </summary>
    public (TimeSpan? Next, Task Earlier) After()
    {
        var now = Now;
        lock (_lock)
        {
            while (_times.Count > 0 && _times.Min <= now)
                _times.Remove(_times.Min);
            return (_times.Count > 0 ? _times.Min - now : null, _earlier.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
