using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// What makes a Version of an Evaluator. Missing and null are alike. Source: <c>spec</c> of <c>POST
/// /evaluators/log</c>.
/// </summary>
public sealed record EvaluatorDetails
{
    /// <summary>Who judges: <c>python</c>, <c>llm</c>, <c>human</c> or <c>external</c>.</summary>
    [JsonPropertyName("evaluator_type")]
    public required string EvaluatorType { get; init; }

    /// <summary>
    /// What it judges by: <c>target_free</c> (the Log alone) or <c>target_required</c> (a Datapoint's target too).
    /// </summary>
    [JsonPropertyName("arguments_type")]
    public required string ArgumentsType { get; init; }

    /// <summary>
    /// What a judgment is: <c>boolean</c>, <c>number</c>, <c>select</c>, <c>multi_select</c> or <c>text</c>.
    /// </summary>
    [JsonPropertyName("return_type")]
    public required string ReturnType { get; init; }

    /// <summary>The function, in Python; of <c>python</c>, which needs it. Default: none.</summary>
    [JsonPropertyName("code")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>The Prompt that judges; of <c>llm</c>. Default: none.</summary>
    [JsonPropertyName("prompt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromptDetails? Prompt { get; init; }

    /// <summary>What the judging person is told; of <c>human</c>. Default: none.</summary>
    [JsonPropertyName("instructions")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instructions { get; init; }

    /// <summary>
    /// What may be chosen; of <c>select</c> and <c>multi_select</c>, and names for a <c>boolean</c>. Default: none.
    /// </summary>
    [JsonPropertyName("options")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<JudgmentOption>? Options { get; init; }

    /// <summary>What a <c>number</c> may be. Default: anything.</summary>
    [JsonPropertyName("number_limits")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NumberLimits? NumberLimits { get; init; }

    /// <summary>
    /// Whether a higher <c>number</c> is better: <c>positive</c>, <c>negative</c> or <c>neutral</c>. Default: none.
    /// </summary>
    [JsonPropertyName("number_valence")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NumberValence { get; init; }

    /// <summary>Anything more that tells Versions apart. Default: none.</summary>
    [JsonPropertyName("attributes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Attributes { get; init; }
}
