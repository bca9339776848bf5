using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// What makes a Version of a Prompt. Missing and null are alike. Source: <c>prompt</c> of <c>POST /prompts/log</c>.
/// </summary>
public sealed record PromptDetails
{
    /// <summary>The model, by the provider's name: <c>gpt-4o</c>.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>The provider's endpoint: <c>chat</c>, <c>complete</c> or <c>edit</c>. Default: none.</summary>
    [JsonPropertyName("endpoint")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Endpoint { get; init; }

    /// <summary>
    /// What is filled in and sent: a text, or a list of chat messages, each a map with <c>role</c> and <c>content</c>;
    /// inputs stand in it as <c>{{name}}</c>. Default: none.
    /// </summary>
    [JsonPropertyName("template")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<object>))]
    public object? Template { get; init; }

    /// <summary>
    /// The template's language: <c>default</c> or <c>jinja</c>. Default: none. Of the API's later dialect.
    /// </summary>
    [JsonPropertyName("template_language")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TemplateLanguage { get; init; }

    /// <summary>Who serves the model: <c>openai</c>, <c>anthropic</c>. Default: none.</summary>
    [JsonPropertyName("provider")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Provider { get; init; }

    /// <summary>Most tokens to generate; -1 is as many as the model has room for. Default: none.</summary>
    [JsonPropertyName("max_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get; init; }

    /// <summary>Sampling temperature; 0 is the least random. Default: none.</summary>
    [JsonPropertyName("temperature")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling: the share of probability that is sampled from, 0 to 1. Default: none.</summary>
    [JsonPropertyName("top_p")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TopP { get; init; }

    /// <summary>Where the model stops: a text, or a list of texts. Default: none.</summary>
    [JsonPropertyName("stop")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<object>))]
    public object? Stop { get; init; }

    /// <summary>Penalty for tokens that have occurred, -2 to 2. Default: none.</summary>
    [JsonPropertyName("presence_penalty")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PresencePenalty { get; init; }

    /// <summary>Penalty for tokens by how often they have occurred, -2 to 2. Default: none.</summary>
    [JsonPropertyName("frequency_penalty")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FrequencyPenalty { get; init; }

    /// <summary>Further parameters for the provider. Default: none.</summary>
    [JsonPropertyName("other")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Other { get; init; }

    /// <summary>Seed for sampling that can be repeated, as far as the provider can. Default: none.</summary>
    [JsonPropertyName("seed")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Seed { get; init; }

    /// <summary>The format of the response, as <c>{"type":"json_object"}</c>. Default: none.</summary>
    [JsonPropertyName("response_format")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? ResponseFormat { get; init; }

    /// <summary>
    /// How hard to reason: <c>"low"</c>, <c>"medium"</c>, <c>"high"</c>, or a number of tokens. Default: none. Of the
    /// API's later dialect.
    /// </summary>
    [JsonPropertyName("reasoning_effort")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<object>))]
    public object? ReasoningEffort { get; init; }

    /// <summary>The functions that the model may call. Default: none.</summary>
    [JsonPropertyName("tools")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<ToolFunction>? Tools { get; init; }

    /// <summary>Existing Tools that the model may call, by id. Default: none.</summary>
    [JsonPropertyName("linked_tools")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<string>? LinkedTools { get; init; }

    /// <summary>Anything more that tells Versions apart. Default: none.</summary>
    [JsonPropertyName("attributes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Attributes { get; init; }
}
