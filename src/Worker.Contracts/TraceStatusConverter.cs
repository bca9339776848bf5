using System.Text.Json;
using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// Writes a <see cref="TraceStatus"/> in lower case. By a naming policy, because .NET 8 has no attribute for a member's
/// name.
/// </summary>
internal sealed class TraceStatusConverter()
    : JsonStringEnumConverter<TraceStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
