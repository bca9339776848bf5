namespace Worker.Testing;

/// <summary>
/// A clock that stands still until it is advanced; timers fire on the thread that advances it, in the order in which they are due.
/// Setting the clock changes neither timers nor elapsed time, as in life.
/// </summary>
internal sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private TaskCompletionSource _timerSet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = start;
    private TimeSpan _clockSet;

    public ManualTimeProvider()
        : this(Some.Time)
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + _clockSet;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.UtcTicks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, stopping at every timer that falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var end = new DateTimeOffset(GetTimestamp(), TimeSpan.Zero) + by;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        lock (_lock)
            _now = end;
    }

    /// <summary>Somebody sets the wall clock: back, where <paramref name="by"/> is negative.</summary>
    public void SetClock(TimeSpan by)
    {
        lock (_lock)
            _clockSet += by;
    }

    /// <summary>Ends when somebody waits for a timer that is due within that time.</summary>
    public async Task UntilAwaitedAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task set;
            lock (_lock)
            {
                if (_timers.Any(timer => timer.Due <= _now + within))
                    return;
                set = _timerSet.Task;
            }

            await set.WaitAsync(cancellationToken);
        }
    }

    private void TimerSet()
    {
        _timerSet.SetResult();
        _timerSet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private Timer? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null)
                return null;
            if (next.Due > _now)
                _now = next.Due;
            _timers.Remove(next);
            if (next.Period > TimeSpan.Zero)
                _timers.Add(next.At(next.Due + next.Period));
            return next;
        }
    }

    private sealed class Timer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public Timer At(DateTimeOffset due)
        {
            Due = due;
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                Period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    clock._timers.Add(At(clock._now + dueTime));
                    clock.TimerSet();
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
