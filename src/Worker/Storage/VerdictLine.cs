using System.Globalization;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>Of a verdict, what can be measured.</summary>
/// <param name="Id">The Evaluator Log.</param>
/// <param name="LogId">The judged Log.</param>
/// <param name="Judgment">Null is an abstention or a failure.</param>
/// <param name="IsLater">It stands for one that comes from outside, and says nothing itself.</param>
/// <param name="Cost">In US dollars; null where nobody knows.</param>
internal sealed record VerdictLine(
    string Id,
    string LogId,
    JsonValue? Judgment,
    bool IsFailed,
    bool IsLater,
    decimal? Cost,
    DateTimeOffset StartTime,
    DateTimeOffset EndTime)
{
    /// <summary>The Evaluator's; null where nobody knows it.</summary>
    public string? VersionId { get; init; }

    /// <summary>What a model read and wrote; null where nobody knows.</summary>
    public long? Tokens { get; init; }

    /// <summary>Of what <c>details</c> say; null where they say neither.</summary>
    public static long? ToTokens(JsonValue? input, JsonValue? output) =>
        (ToCost(input), ToCost(output)) is (null, null)
            ? null
            : (long)Math.Clamp((ToCost(input) ?? 0) + (ToCost(output) ?? 0), 0, long.MaxValue / 2);

    /// <summary>Of what <c>details</c> say; null where that is no number.</summary>
    public static decimal? ToCost(JsonValue? details) =>
        decimal.TryParse(details?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var cost)
            ? cost
            : null;
}
