namespace Worker.Ingestion;

/// <summary>
/// Tells a fault of the store from faults of messages, by contrast: where every message fails alone in the same way,
/// the store is to blame, until it takes another message while these still fail. Safe for concurrent use.
/// </summary>
internal sealed class StoreEvidence(TimeProvider time)
{
    private readonly Lock _lock = new();
    private HashSet<string> _accused = [];
    private long _accusedSince;
    private long _lastTaken = long.MinValue;

    /// <summary>The store took messages.</summary>
    public void Taken(ChunkResult result)
    {
        if (result.Taken == 0)
            return;
        lock (_lock)
            _lastTaken = time.GetTimestamp();
    }

    /// <summary>Whether the store is to blame that these, which are all there were, failed.</summary>
    public bool IsStoresFault(IReadOnlyList<FailedMessage> failed)
    {
        if (failed.Any(one => one.Fault.GetType() != failed[0].Fault.GetType()))
            return false;

        var keys = failed.Select(one => AttemptCounter.KeyOf(one.Message)).ToHashSet(StringComparer.Ordinal);
        lock (_lock)
        {
            if (!_accused.Overlaps(keys))
            {
                _accused = keys;
                _accusedSince = time.GetTimestamp();
            }

            if (_lastTaken <= _accusedSince)
                return true;
            _accused = [];
            return false;
        }
    }
}
