namespace Worker.Ingestion;

/// <summary>
/// How many messages may be held at once, so that their bodies stay under <see cref="HeldBytes"/> at the mean size
/// seen: neither broker nor inbox bounds by bytes. Starts as if every message were as large as may be.
/// </summary>
/// <param name="count">The bound where messages are small.</param>
/// <param name="chunkSize">Messages in a full chunk.</param>
/// <param name="maxMessageBytes">The longest body that is accepted.</param>
internal sealed class InFlightLimit(int count, int chunkSize, int maxMessageBytes)
{
    public const long HeldBytes = 64 * 1024 * 1024;

    private double _mean = maxMessageBytes;

    public int Current { get; private set; } = Fit(count, maxMessageBytes, HeldBytes);

    /// <summary>Takes in the sizes of one chunk; true when <see cref="Current"/> has changed.</summary>
    public bool Observe(int messages, long bytes)
    {
        // A full chunk counts whole, one of a single message hardly; a growing mean is believed at once, a shrinking
        // one slowly.
        var mean = (double)bytes / messages;
        var weight = Math.Min(1, Math.Max((double)messages / chunkSize, (double)bytes / ChunkBuilder.DefaultBytes));
        _mean += (mean - _mean) * (mean > _mean ? weight : weight / 2);

        // A change interrupts consuming: lower only when it must be, and then with room; raise only when it doubles, or
        // all is free.
        if (Current > 1 && Current * _mean > HeldBytes)
            return Set(Fit(count, _mean, HeldBytes / 2.0));
        var room = Fit(count, _mean, HeldBytes * 0.75);
        return (room >= 2 * Current || (room == count && Current < room)) && Set(room);
    }

    private bool Set(int bound)
    {
        var changed = bound != Current;
        Current = bound;
        return changed;
    }

    private static int Fit(int count, double mean, double bytes) =>
        (int)Math.Clamp(bytes / Math.Max(1, mean), 1, count);
}
