namespace Worker.Evaluation.Models;

/// <summary>What a model of a provider understands, as far as it is known: at first, the most.</summary>
/// <param name="HasTemperature">Models that reason take none.</param>
/// <param name="HasNewLimit">
/// The longest answer is <c>max_completion_tokens</c>. At first it is <c>max_tokens</c>, which every service knows: one
/// that ignored the name would give answers without a bound.
/// </param>
internal sealed record Dialect(AnswerFormat Format, bool HasTemperature, bool HasNewLimit)
{
    public static readonly Dialect Richest = new(AnswerFormat.Schema, HasTemperature: true, HasNewLimit: false);

    private static readonly string[] OfTooLong = ["context_length", "context length", "context window", "too long"];
    private static readonly string[] OfSchemas =
        ["response_format", "json_schema", "schema", "unsupported", "not support"];

    private static readonly string[] OfTools = ["tool", "function", "unsupported", "not support"];

    /// <summary>What to try after that complaint; null where it is about something else.</summary>
    public Dialect? Simpler(Complaint complaint)
    {
        if (complaint.Says(OfTooLong))
            return null;
        if (HasTemperature && complaint.Says("temperature"))
            return this with { HasTemperature = false };
        if (!HasNewLimit && complaint.Says("max_completion_tokens"))
            return this with { HasNewLimit = true };
        return Format == AnswerFormat.Schema && complaint.Says(OfSchemas) ? this with { Format = AnswerFormat.Tool }
            : Format == AnswerFormat.Tool && complaint.Says(OfTools) ? this with { Format = AnswerFormat.Json }
            : null;
    }

    /// <summary>After several answers that did not keep to the format: the next.</summary>
    public Dialect Looser => Format == AnswerFormat.LastLine ? this : this with { Format = Format + 1 };
}
