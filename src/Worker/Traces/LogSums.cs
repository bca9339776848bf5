using System.Globalization;

namespace Worker.Traces;

/// <summary>Tokens and costs, of one Log or of several together. Null where no Log says anything.</summary>
internal sealed record LogSums(
    decimal? PromptTokens, decimal? OutputTokens, decimal? ReasoningTokens, decimal? PromptCost, decimal? OutputCost)
{
    public static readonly LogSums None = new(null, null, null, null, null);

    /// <summary>In US dollars, in and out together; null where neither is known.</summary>
    public decimal? Cost => Sum(PromptCost, OutputCost);

    /// <summary>In and out together; null where neither is known. What was thought is part of what went out.</summary>
    public decimal? Tokens => Sum(PromptTokens, OutputTokens);

    /// <summary>What the Log says of itself alone.</summary>
    public static LogSums From(Log log) => new(
        Number(log, LogFields.PromptTokens),
        Number(log, LogFields.OutputTokens),
        Number(log, LogFields.ReasoningTokens),
        Number(log, LogFields.PromptCost),
        Number(log, LogFields.OutputCost));

    public LogSums With(LogSums other) => new(
        Sum(PromptTokens, other.PromptTokens),
        Sum(OutputTokens, other.OutputTokens),
        Sum(ReasoningTokens, other.ReasoningTokens),
        Sum(PromptCost, other.PromptCost),
        Sum(OutputCost, other.OutputCost));

    private static decimal? Sum(decimal? left, decimal? right) => left is null ? right : left + (right ?? 0);

    /// <summary>A number that can be no count or cost is left out, so that it does not spoil the sum.</summary>
    private static decimal? Number(Log log, Field field) =>
        log[field] is { } value &&
        decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) &&
        Math.Abs(number) <= 1_000_000_000_000_000m
            ? number
            : null;
}
