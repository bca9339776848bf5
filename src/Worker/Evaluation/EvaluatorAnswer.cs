using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>What an Evaluator answered.</summary>
/// <param name="Judgment">Held to the Evaluator's return type by whoever asked; null is an abstention.</param>
internal sealed record EvaluatorAnswer(JsonValue? Judgment)
{
    /// <summary>Why, in the Evaluator's own words.</summary>
    public string? Reason { get; init; }

    /// <summary>It ran and failed: a sentence. Then the judgment is null.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// It has taken the Log, and will say its verdict by itself, as a posted verdict: there is nothing to store now,
    /// and nobody waits. Everything else is null then.
    /// </summary>
    public bool IsLater { get; init; }

    /// <summary>What it printed.</summary>
    public string? Stdout { get; init; }

    /// <summary>
    /// What else is kept with the verdict, an object: of a model, say, <c>model</c>, <c>prompt</c>, <c>reply</c>,
    /// <c>input_tokens</c>, <c>output_tokens</c>, <c>cost</c>. Null where there is nothing.
    /// </summary>
    public JsonValue? Details { get; init; }

    public int? InputTokens { get; init; }

    public int? OutputTokens { get; init; }

    /// <summary>In US dollars.</summary>
    public decimal? Cost { get; init; }
}
