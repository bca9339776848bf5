using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// One of the options that a judgment may be. Source: <c>spec.options</c> of <c>POST /evaluators/log</c>.
/// </summary>
public sealed record JudgmentOption
{
    /// <summary>What is chosen, and so the judgment.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Whether it is good: <c>positive</c>, <c>negative</c> or <c>neutral</c>. Default: neutral.</summary>
    [JsonPropertyName("valence")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Valence { get; init; }
}
