using System.Collections.Concurrent;

namespace Worker.Telemetry;

/// <summary>
/// The values of a label that somebody else chooses, so that no flood of them becomes one of time series: what comes
/// first keeps its name, and all that comes once there are <paramref name="most"/> is <see cref="Other"/>. Safe to use
/// from any thread.
/// </summary>
internal sealed class BoundedLabel(int most = BoundedLabel.Paths)
{
    public const string Other = "other";

    /// <summary>As many paths of Evaluators have names of their own.</summary>
    public const int Paths = 200;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private int _count;

    public string Of(string value)
    {
        if (_known.TryGetValue(value, out var known))
            return known;
        if (Volatile.Read(ref _count) >= most)
            return Other;
        lock (_adding)
        {
            if (_count >= most)
                return _known.GetValueOrDefault(value, Other);
            if (_known.TryAdd(value, value))
                _count++;
            return value;
        }
    }
}
