using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A Tool's function, as models are told of it. Source: <c>tool.function</c> of the page <i>Log to a Tool</i>.
/// </summary>
public sealed record ToolFunction
{
    /// <summary>The name models call it by.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What it does, in words for the model.</summary>
    [JsonPropertyName("description")]
    public required string Description { get; init; }

    /// <summary>Whether the provider must keep to the schema. Default: false.</summary>
    [JsonPropertyName("strict")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Strict { get; init; }

    /// <summary>The parameters, as a JSON Schema. Default: none.</summary>
    [JsonPropertyName("parameters")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Parameters { get; init; }
}
