using System.Text.Json;

namespace Worker.Transfer;

/// <summary>A Log in its place in a line of an export.</summary>
/// <param name="Type">What kind it is, in the service's words; null where nothing says so.</param>
/// <param name="Above">The Log that it stands under.</param>
/// <param name="Judged">The Log that it stands in as a verdict.</param>
internal readonly record struct LogInTree(JsonElement Json, string? Type, string? Above, string? Judged);
