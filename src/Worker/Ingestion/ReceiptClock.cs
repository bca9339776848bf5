namespace Worker.Ingestion;

/// <summary>
/// When messages are received: the clock's time in whole microseconds, made strictly increasing, so that of two
/// messages without a time of their own the one delivered later is the later one. Safe for concurrent use.
/// </summary>
internal sealed class ReceiptClock(TimeProvider time)
{
    private long _last;

    public DateTimeOffset Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var now = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;
            var next = now > last ? now : last + 1;
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return new DateTimeOffset(next * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        }
    }
}
