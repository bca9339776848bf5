namespace Worker.Client;

/// <summary>
/// Gives each message a moment of its own, in microseconds, so that of two updates the later call wins, however close
/// they are and however late they are sent. Safe for concurrent use.
/// </summary>
internal sealed class SendingClock(TimeProvider time)
{
    private long _last;

    public DateTimeOffset Next()
    {
        var now = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;
        var last = Interlocked.Read(ref _last);
        while (true)
        {
            var next = Math.Max(now, last + 1);
            var seen = Interlocked.CompareExchange(ref _last, next, last);
            if (seen == last)
                return new DateTimeOffset(next * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
            last = seen;
        }
    }

    /// <summary>Ordered by time where the framework can, which stores like better.</summary>
    public static string NewId() =>
#if NET9_0_OR_GREATER
        Guid.CreateVersion7().ToString();
#else
        Guid.NewGuid().ToString();
#endif
}
