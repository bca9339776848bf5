namespace Worker.Benchmarks;

/// <summary>What a measured worker says of itself, as one line of JSON, when it has done what was asked.</summary>
internal sealed record WorkerReport
{
    /// <summary>From the first message received to the last one settled.</summary>
    public required double DrainSeconds { get; init; }

    /// <summary>From the first message received to the last run judged; null when none was asked for.</summary>
    public double? JudgeSeconds { get; init; }

    /// <summary>Between the first message received and the end.</summary>
    public required double CpuSeconds { get; init; }

    public required long AllocatedBytes { get; init; }

    /// <summary>Reads and writes of the store, those that a chunk of messages takes among them.</summary>
    public required long StoreCalls { get; init; }

    public required int Collections { get; init; }

    /// <summary>Of the whole life of the process.</summary>
    public required long PeakResidentBytes { get; init; }
}
