namespace Worker.Storage.MongoDb;

/// <summary>Numbers that order what this process adds: the time in microseconds, and always one more than the last.</summary>
internal static class MongoSequence
{
    private static long _last;

    public static long Next(TimeProvider time)
    {
        var now = Traces.Timestamps.ToMicroseconds(time.GetUtcNow());
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, now);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }
}
