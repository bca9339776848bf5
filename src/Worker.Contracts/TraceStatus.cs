using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>Whether a Log will still change, and a Trace still grow.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TraceStatus>))]
public enum TraceStatus
{
    /// <summary>More is to come.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,

    /// <summary>Done: what is attached may judge it.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete,
}
