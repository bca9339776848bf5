namespace Worker.Reading;

/// <summary>What a check of the store went through.</summary>
internal sealed class StoreCounts
{
    /// <summary>Complete Flow Logs: the sum of the next three and of those without a run.</summary>
    public long Flows { get; set; }

    public long Judged { get; set; }

    /// <summary>Their runs say what they wait for.</summary>
    public long Waiting { get; set; }

    /// <summary>Settling or being evaluated.</summary>
    public long UnderWay { get; set; }

    public long Decisions { get; set; }

    public long Verdicts { get; set; }

    public long DeadLetters { get; set; }

    public long Faults { get; set; }
}
