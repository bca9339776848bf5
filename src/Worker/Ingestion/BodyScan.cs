using System.Text.Json;

namespace Worker.Ingestion;

/// <summary>
/// Looks at a body that cannot, or must not, be read as JSON: whatever it is that ends a worker must not happen while
/// the message is refused. Finds too much rather than too little.
/// </summary>
internal static class BodyScan
{
    private const int MostIds = 16;

    private static ReadOnlySpan<byte> AfterName => " \t\r\n:"u8;

    /// <summary>Whether any <c>save</c> in it has another value than true or null.</summary>
    public static bool MayAskNotToBeSaved(ReadOnlySpan<byte> body)
    {
        for (var at = body.IndexOf("\"save\""u8); at >= 0; at = body.IndexOf("\"save\""u8))
        {
            body = body[(at + "\"save\""u8.Length)..].TrimStart(AfterName);
            if (!body.StartsWith("true"u8) && !body.StartsWith("null"u8))
                return true;
        }

        return false;
    }

    /// <summary>The texts that follow a <c>log_id</c>; the first few.</summary>
    public static IReadOnlyList<string> LogIds(ReadOnlySpan<byte> body)
    {
        var ids = new List<string>();
        for (var at = body.IndexOf("\"log_id\""u8); at >= 0 && ids.Count < MostIds; at = body.IndexOf("\"log_id\""u8))
        {
            body = body[(at + "\"log_id\""u8.Length)..].TrimStart(AfterName);
            if (body.StartsWith("\""u8) && TextOf(body) is { } id)
                ids.Add(id);
        }

        return ids;
    }

    private static string? TextOf(ReadOnlySpan<byte> from)
    {
        try
        {
            var reader = new Utf8JsonReader(from, isFinalBlock: false, state: default);
            return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not even this one text is well formed: it names no Log that could be stored.
            return null;
        }
    }
}
