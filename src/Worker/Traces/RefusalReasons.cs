using System.Collections.Immutable;
using System.Text.Json;

namespace Worker.Traces;

/// <summary>The reasons' names on the wire, e.g. <c>missing_field</c>.</summary>
internal static class RefusalReasons
{
    private static readonly ImmutableArray<string> Names =
        [.. Enum.GetNames<RefusalReason>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static string WireName(this RefusalReason reason) => Names[(int)reason];

    /// <summary>The reason of that name; null when there is none.</summary>
    public static RefusalReason? Find(string? wireName) =>
        wireName is not null && Names.IndexOf(wireName) is var index and >= 0 ? (RefusalReason)index : null;
}
