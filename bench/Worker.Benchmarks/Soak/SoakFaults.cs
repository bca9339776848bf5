using System.Collections.Concurrent;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// What was not as it has to be, as sentences; each is said at once, too. Safe to use from several tasks.
/// </summary>
internal sealed class SoakFaults
{
    /// <summary>More are only counted.</summary>
    private const int Most = 50;

    private readonly ConcurrentQueue<string> _all = new();

    public int Count => _all.Count;

    /// <summary>The first of them, and how many more there are.</summary>
    public IEnumerable<string> Said =>
        _all.Count <= Most ? _all : _all.Take(Most).Append($"{_all.Count - Most} more.");

    public void AddRange(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
            Add(sentence);
    }

    public void Add(string sentence)
    {
        _all.Enqueue(sentence);
        if (_all.Count <= Most)
            Report.Progress($"FAULT: {sentence}");
    }
}
