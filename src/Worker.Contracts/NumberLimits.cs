using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// What a number may be that is a judgment. Source: <c>spec.number_limits</c> of <c>POST /evaluators/log</c>.
/// </summary>
public sealed record NumberLimits
{
    /// <summary>The least, itself allowed. Default: none.</summary>
    [JsonPropertyName("min")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Min { get; init; }

    /// <summary>The most, itself allowed. Default: none.</summary>
    [JsonPropertyName("max")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Max { get; init; }

    /// <summary>The distance between two allowed values. Default: any.</summary>
    [JsonPropertyName("step")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Step { get; init; }
}
