using System.Collections.Immutable;

namespace Worker.Storage;

/// <summary>Traces whose removal has begun and is not known to have ended.</summary>
/// <param name="Heads">The Logs whose traces go, by id; at least one.</param>
/// <param name="LogIds">What of them is being removed right now: it may be gone in part.</param>
/// <param name="At">When they count as deleted.</param>
internal sealed record Removal(ImmutableArray<string> Heads, ImmutableArray<string> LogIds, DateTimeOffset At)
{
    /// <summary>One Log's trace is in one removal at a time.</summary>
    public string Id => Heads[0];
}
