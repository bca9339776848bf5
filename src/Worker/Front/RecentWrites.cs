namespace Worker.Front;

/// <summary>
/// What this front took lately, so that a reader can wait for it: the last half minute of it, and so many at most.
/// Safe for concurrent use.
/// </summary>
internal sealed class RecentWrites(TimeProvider time)
{
    private const int Most = 20_000;

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Queue<(long At, RecentWrite Write)> _all = [];
    private readonly Dictionary<string, List<RecentWrite>> _byLog = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _children = new(StringComparer.Ordinal);

    public void Add(RecentWrite write)
    {
        lock (_lock)
        {
            Forget(Most - 1);
            _all.Enqueue((time.GetTimestamp(), write));
            Of(_byLog, write.LogId).Add(write);
            if (write.ParentId is { } parent)
                Of(_children, parent).Add(write.LogId);
        }
    }

    /// <summary>What was written of a Log, and of all that was written under it.</summary>
    public IReadOnlyList<RecentWrite> Of(string logId)
    {
        lock (_lock)
        {
            Forget(Most);
            var found = new List<RecentWrite>();
            var seen = new HashSet<string>(StringComparer.Ordinal) { logId };
            var next = new Queue<string>([logId]);
            while (next.TryDequeue(out var id))
            {
                found.AddRange(_byLog.GetValueOrDefault(id) ?? []);
                foreach (var child in (_children.GetValueOrDefault(id) ?? []).Where(seen.Add))
                    next.Enqueue(child);
            }

            return found;
        }
    }

    private void Forget(int keep)
    {
        while (_all.TryPeek(out var oldest) && (_all.Count > keep || time.GetElapsedTime(oldest.At) > Kept))
        {
            var write = _all.Dequeue().Write;
            Remove(_byLog, write.LogId, write);
            if (write.ParentId is { } parent && !_byLog.ContainsKey(write.LogId))
                Remove(_children, parent, write.LogId);
        }
    }

    private static T Of<T>(Dictionary<string, T> all, string key)
        where T : new()
    {
        if (!all.TryGetValue(key, out var found))
            all[key] = found = new();
        return found;
    }

    private static void Remove<TItem, TItems>(Dictionary<string, TItems> all, string key, TItem item)
        where TItems : ICollection<TItem>
    {
        if (all.TryGetValue(key, out var items) && items.Remove(item) && items.Count == 0)
            all.Remove(key);
    }
}
