using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// What makes a Version of a Tool. Missing, null and <c>{}</c> are alike. Source: the page <i>Log to a Tool</i>,
/// <c>tool</c>.
/// </summary>
public sealed record ToolDetails
{
    /// <summary>The function as models are told of it. Default: none.</summary>
    [JsonPropertyName("function")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ToolFunction? Function { get; init; }

    /// <summary>The Tool's source code. Default: none.</summary>
    [JsonPropertyName("source_code")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SourceCode { get; init; }

    /// <summary>Values the Tool is set up with. Default: none.</summary>
    [JsonPropertyName("setup_values")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? SetupValues { get; init; }

    /// <summary>Anything more that tells Versions apart. Default: none.</summary>
    [JsonPropertyName("attributes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Attributes { get; init; }
}
