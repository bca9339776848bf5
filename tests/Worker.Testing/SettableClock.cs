using Microsoft.Extensions.Time.Testing;

namespace Worker.Testing;

/// <summary>
/// The library's clock, with two things that it lacks. Its wall clock can be set while elapsed time goes on, as in
/// life: <see cref="FakeTimeProvider.AdjustTime"/> moves both. And a test can wait until somebody waits for a timer:
/// advanced before that, the time would pass unseen by whoever was about to.
/// </summary>
internal sealed class SettableClock() : FakeTimeProvider(Some.Time)
{
    private readonly Lock _lock = new();
    private readonly List<long> _due = [];
    private TaskCompletionSource _timerSet = NewSignal();
    private TimeSpan _set;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return base.GetUtcNow() + _set;
    }

    // The library's takes it from the wall clock.
    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    /// <summary>Somebody sets the wall clock: back, where <paramref name="by"/> is negative.</summary>
    public void SetClock(TimeSpan by)
    {
        lock (_lock)
            _set += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            _due.Add(GetTimestamp() + dueTime.Ticks);
            _timerSet.SetResult();
            _timerSet = NewSignal();
        }

        return timer;
    }

    /// <summary>Ends when somebody has waited for a timer that is due within that time, and not yet.</summary>
    public async Task UntilAwaitedAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task set;
            lock (_lock)
            {
                var now = GetTimestamp();
                if (_due.Any(due => due > now && due <= now + within.Ticks))
                    return;
                set = _timerSet.Task;
            }

            await set.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
