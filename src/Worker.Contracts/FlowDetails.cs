using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// What makes a Version of a Flow. Source: <c>flow</c> of <c>POST /flows/log</c>.
/// </summary>
public sealed record FlowDetails
{
    /// <summary>Whatever tells Versions apart. Missing, null and <c>{}</c> are alike. Default: none.</summary>
    [JsonPropertyName("attributes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Attributes { get; init; }
}
