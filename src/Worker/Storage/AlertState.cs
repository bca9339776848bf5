using System.Collections.Immutable;

namespace Worker.Storage;

/// <summary>
/// How it stands with one alert, for all workers. Immutable; written by compare-and-set on <see cref="Version"/>. Its
/// instants are whole milliseconds.
/// </summary>
internal sealed record AlertState
{
    public required string Name { get; init; }

    /// <summary>Each write makes it one more; 0 is not stored yet.</summary>
    public int Version { get; init; }

    public AlertCondition Condition { get; init; }

    /// <summary>When it came to be so.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the alert was looked at for the first time.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When a worker last began to look at it; null before the first time.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>What was measured last; null where too little was there.</summary>
    public double? Value { get; init; }

    /// <summary>From how many that was.</summary>
    public long Count { get; init; }

    /// <summary>The breach that lasts; null while the condition is ok.</summary>
    public string? Breach { get; init; }

    /// <summary>In the order in which they are to be sent.</summary>
    public ImmutableArray<AlertNotice> Notices { get; init; } = [];
}
