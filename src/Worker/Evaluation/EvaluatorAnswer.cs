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

    /// <summary>The verdict comes later, from outside, as <c>EvaluatorLogged</c>. Then the judgment is null.</summary>
    public bool IsLater { get; init; }

    /// <summary>What it printed.</summary>
    public string? Stdout { get; init; }

    /// <summary>
    /// What else is kept with the verdict, an object: of a model, say, <c>model</c>, <c>prompt</c>, <c>reply</c>,
    /// <c>input_tokens</c>, <c>output_tokens</c>, <c>cost</c>. Null where there is nothing.
    /// </summary>
    public JsonValue? Details { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    /// <summary>In US dollars.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What it cost, as far as it says so.</summary>
    public Expense Expense => new((InputTokens ?? 0) + (OutputTokens ?? 0), Cost ?? 0);
}
