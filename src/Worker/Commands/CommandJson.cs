using System.Text.Encodings.Web;
using System.Text.Json;

namespace Worker.Commands;

/// <summary>How commands write JSON: one line, names in snake case, text as it is.</summary>
internal static class CommandJson
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, SnakeCase);
}
