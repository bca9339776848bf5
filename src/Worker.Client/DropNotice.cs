using Microsoft.Extensions.Logging;

namespace Worker.Client;

/// <summary>
/// Tells drops to the log, the first at once and then at most once a minute, and never on the thread of a caller.
/// </summary>
internal sealed partial class DropNotice : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Account _account;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly object _telling = new();
    private long[] _told;
    private long? _lastTold;
    private int _isArmed;

    public DropNotice(Account account, TimeProvider time, ILogger logger)
    {
        _account = account;
        _time = time;
        _logger = logger;
        _told = account.DroppedByReason();
        _timer = time.CreateTimer(_ => Tell(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(DropReason reason, int messages)
    {
        _account.Dropped(reason, messages);
        if (Interlocked.Exchange(ref _isArmed, 1) != 0)
            return;
        lock (_telling)
        {
            var wait = _lastTold is { } last ? Interval - _time.GetElapsedTime(last) : TimeSpan.Zero;
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Tells what is not told yet.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Tell();
    }

    private void Tell()
    {
        lock (_telling)
        {
            var dropped = _account.DroppedByReason();
            var since = dropped.Zip(_told, (now, then) => now - then).ToArray();
            (_told, _lastTold) = (dropped, _time.GetTimestamp());

            // What comes from here on is told the next time.
            Volatile.Write(ref _isArmed, 0);
            if (since.Sum() > 0)
                Dropped(since.Sum(), Account.Describe(since));
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Messages} calls were dropped: {Reasons}")]
    private partial void Dropped(long messages, string reasons);
}
