using System.Collections.Concurrent;

namespace Worker.Front;

/// <summary>
/// What this front has taken of Files in the last minute, by ids: what is asked for and not stored yet is worth a wait
/// only then. Bounded.
/// </summary>
internal sealed class RecentFiles(TimeProvider time)
{
    private const int Remembered = 10_000;

    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, long> _taken = new(StringComparer.Ordinal);

    public void Add(params ReadOnlySpan<string> ids)
    {
        if (_taken.Count > Remembered)
            _taken.Clear();
        foreach (var id in ids)
            _taken[id] = time.GetTimestamp();
    }

    public bool Knows(string? id) =>
        id is not null && _taken.TryGetValue(id, out var taken) && time.GetElapsedTime(taken) < Recent;
}
