namespace Worker.Front.Otlp;

/// <summary>What became of the spans of an export.</summary>
internal sealed class TakenSpans
{
    /// <summary>The Logs of those that were taken, in their order.</summary>
    public List<string> Logs { get; } = [];

    public int Rejected { get; private set; }

    /// <summary>Why the first of the others was rejected; null where none was.</summary>
    public string? Why { get; private set; }

    public void Reject(string why)
    {
        Rejected++;
        Why ??= why;
    }
}
