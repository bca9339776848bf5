using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// Whether a Log will still change, and a Trace still grow. Written as <c>incomplete</c> and <c>complete</c>.
/// </summary>
[JsonConverter(typeof(TraceStatusConverter))]
public enum TraceStatus
{
    /// <summary>More is to come.</summary>
    Incomplete,

    /// <summary>Done: what is attached may judge it.</summary>
    Complete,
}
