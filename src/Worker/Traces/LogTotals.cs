using System.Globalization;

namespace Worker.Traces;

/// <summary>
/// What a Log shows for times, tokens and cost. For a Flow Log they are folded from everything under it; for any other Log
/// they are its own. Null where no Log says anything.
/// </summary>
internal sealed record LogTotals(long? Start, long? End, decimal? PromptTokens, decimal? OutputTokens, decimal? ReasoningTokens, decimal? PromptCost, decimal? OutputCost)
{
    /// <summary>From start to end; null unless both are known.</summary>
    public TimeSpan? Duration => End - Start is { } microseconds ? TimeSpan.FromMicroseconds(microseconds) : null;

    /// <summary>The totals of every member, by Log id. One pass, at any depth.</summary>
    public static IReadOnlyDictionary<string, LogTotals> Fold(Trace trace)
    {
        var shown = new Dictionary<string, LogTotals>(StringComparer.Ordinal);
        var below = new Dictionary<string, LogTotals>(StringComparer.Ordinal);
        foreach (var log in trace.TopDown().Reverse())
        {
            var own = Of(log);
            var all = trace.ChildrenOf(log.Id).Aggregate(own, (sum, child) => sum.With(below[child.Id]));
            if (log.CompletedAt is { } completed)
                all = all with { End = Later(all.End, completed) };
            below[log.Id] = all;
            shown[log.Id] = log.Kind == LogKind.Flow ? all : own;
        }

        return shown;
    }

    private static LogTotals Of(Log log) => new(
        log.StartedAt,
        log.EndedAt,
        Number(log, Fields.PromptTokens),
        Number(log, Fields.OutputTokens),
        Number(log, Fields.ReasoningTokens),
        Number(log, Fields.PromptCost),
        Number(log, Fields.OutputCost));

    private LogTotals With(LogTotals other) => new(
        Start is null || other.Start < Start ? other.Start ?? Start : Start,
        Later(End, other.End),
        Sum(PromptTokens, other.PromptTokens),
        Sum(OutputTokens, other.OutputTokens),
        Sum(ReasoningTokens, other.ReasoningTokens),
        Sum(PromptCost, other.PromptCost),
        Sum(OutputCost, other.OutputCost));

    private static long? Later(long? left, long? right) => left is null || right > left ? right ?? left : left;

    private static decimal? Sum(decimal? left, decimal? right) => left is null ? right : left + (right ?? 0);

    /// <summary>Numbers that no count or cost can be are left out of sums rather than spoiling them.</summary>
    private static decimal? Number(Log log, Field field) =>
        log[field] is { } value &&
        decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) &&
        Math.Abs(number) <= 1_000_000_000_000_000m
            ? number
            : null;
}
