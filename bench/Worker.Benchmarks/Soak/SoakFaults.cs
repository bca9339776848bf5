using System.Collections.Concurrent;

namespace Worker.Benchmarks.Soak;

/// <summary>What was not as it has to be, as sentences; said at once. Safe to use from several tasks.</summary>
internal sealed class SoakFaults
{
    /// <summary>More are only counted.</summary>
    private const int Said = 50;

    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    public void AddRange(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
            Add(sentence);
    }

    public void Add(string sentence)
    {
        _all.Enqueue(sentence);
        if (_all.Count <= Said)
            Report.Progress($"FAULT: {sentence}");
    }
}
