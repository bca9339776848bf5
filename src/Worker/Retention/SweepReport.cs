using Worker.Audit;

namespace Worker.Retention;

/// <summary>What a look at all that is old has removed, or would.</summary>
internal sealed class SweepReport
{
    public bool DryRun { get; init; }

    /// <summary>By the rule's name; <c>MaxBytes</c> for what went because the store was too large.</summary>
    public SortedDictionary<string, RemovedTraces> Rules { get; } = new(StringComparer.Ordinal);

    /// <summary>Traces that would have gone, and are pinned.</summary>
    public long Pinned { get; set; }

    /// <summary>
    /// Logs of what an earlier look was killed at, and was removed to its end now; some of them may have been gone.
    /// </summary>
    public long Resumed { get; set; }

    public long Tombstones { get; set; }

    public long DeadLetters { get; set; }

    /// <summary>Entries of the audit.</summary>
    public long AuditEntries { get; set; }

    /// <summary>
    /// Bytes that the file became smaller by; null where the store sees to that by itself, or nothing was freed.
    /// </summary>
    public long? GivenBack { get; set; }

    public long Logs => Rules.Values.Sum(rule => rule.Logs);

    /// <summary>As the audit has it.</summary>
    public void Record(ActRecord record)
    {
        foreach (var (rule, removed) in Rules)
            record.Count($"traces by {rule}", removed.Traces);
        record.Count("logs", Logs);
        record.Count("resumed_logs", Resumed);
        record.Count("tombstones", Tombstones);
        record.Count("dead_letters", DeadLetters);
        record.Count("audit_entries", AuditEntries);
        record.IsNothing = this is { Logs: 0, Resumed: 0, Tombstones: 0, DeadLetters: 0, AuditEntries: 0 };
    }

    public void Add(string rule, OldTrace trace) =>
        Rules[rule] = (Rules.GetValueOrDefault(rule) ?? new(0, 0, 0)).And(trace);
}
