namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// How many messages may be held unacknowledged, so that their bodies stay under <see cref="HeldBytes"/> at the mean size seen:
/// the broker refuses to bound by bytes. Starts as if every message were as large as may be.
/// </summary>
internal sealed class PrefetchBound(IngestionOptions options)
{
    public const long HeldBytes = 64 * 1024 * 1024;

    private double _mean = options.MaxMessageBytes;

    public ushort Current { get; private set; } = Fit(options.Prefetch, options.MaxMessageBytes, HeldBytes);

    /// <summary>Takes in the sizes of one chunk; true when <see cref="Current"/> has changed and is to be set anew.</summary>
    public bool Observe(int messages, long bytes)
    {
        // A full chunk counts whole, one of a single message hardly; a growing mean is believed at once, a shrinking one slowly.
        var mean = (double)bytes / messages;
        var weight = Math.Min(1, Math.Max((double)messages / options.ChunkSize, (double)bytes / ChunkRules.DefaultBytes));
        _mean += (mean - _mean) * (mean > _mean ? weight : weight / 2);

        // Setting it anew interrupts consuming: lower only when it must be, and then with room; raise only when it doubles.
        if (Current > 1 && Current * _mean > HeldBytes)
            return Set(Fit(options.Prefetch, _mean, HeldBytes / 2));
        var room = Fit(options.Prefetch, _mean, HeldBytes * 3 / 4);
        return (room >= 2 * Current || (room == options.Prefetch && Current < room)) && Set(room);
    }

    private bool Set(ushort prefetch)
    {
        var changed = prefetch != Current;
        Current = prefetch;
        return changed;
    }

    private static ushort Fit(int count, double mean, double bytes) => (ushort)Math.Clamp(bytes / Math.Max(1, mean), 1, count);
}
