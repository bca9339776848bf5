namespace Worker.Retention;

/// <summary>What was removed because a person asked for it, or would be.</summary>
internal sealed class ErasureReceipt
{
    public required DateTimeOffset At { get; init; }

    public bool DryRun { get; init; }

    /// <summary>What was asked for.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <inheritdoc cref="Ids"/>
    public required IReadOnlyList<string> Users { get; init; }

    /// <summary>Ids among what was asked for that no Log has, and users of whom there is none.</summary>
    public List<string> NotFound { get; } = [];

    /// <summary>Logs by kind.</summary>
    public SortedDictionary<string, long> Logs { get; } = new(StringComparer.Ordinal);

    public long Runs { get; set; }

    public long Decisions { get; set; }

    /// <summary>Evaluator Logs of all revisions.</summary>
    public long Verdicts { get; set; }

    /// <summary>Verdicts from outside on what was removed.</summary>
    public long VerdictsFromOutside { get; set; }

    public long Pins { get; set; }

    public HashSet<string> LogIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Letters, each as often as it was there.</summary>
    public List<string> DeadLetterIds { get; } = [];

    public bool IsEmpty => LogIds.Count == 0 && DeadLetterIds.Count == 0;
}
