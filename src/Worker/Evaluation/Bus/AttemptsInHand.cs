namespace Worker.Evaluation.Bus;

/// <summary>The attempts that are queued or run in this process, each once. Safe for concurrent use.</summary>
internal sealed class AttemptsInHand
{
    private readonly Lock _lock = new();
    private readonly HashSet<Attempt> _all = [];
    private readonly Dictionary<string, int> _byLog = new(StringComparer.Ordinal);

    /// <summary>False where it is in hand already.</summary>
    public bool TryAdd(Attempt attempt)
    {
        lock (_lock)
        {
            if (!_all.Add(attempt))
                return false;
            _byLog[attempt.LogId] = _byLog.GetValueOrDefault(attempt.LogId) + 1;
            return true;
        }
    }

    public void Remove(Attempt attempt)
    {
        lock (_lock)
        {
            if (_all.Remove(attempt) && --_byLog[attempt.LogId] is 0)
                _byLog.Remove(attempt.LogId);
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _all.Count;
        }
    }

    /// <summary>How many there are on that Log.</summary>
    public int CountOn(string logId)
    {
        lock (_lock)
            return _byLog.GetValueOrDefault(logId);
    }
}
