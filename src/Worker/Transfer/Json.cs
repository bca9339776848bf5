using System.Runtime.InteropServices;
using System.Text.Json;
using Worker.Ingestion;

namespace Worker.Transfer;

/// <summary>JSON of an export, as Python writes it, too: with <c>NaN</c>, and halves of surrogate pairs.</summary>
internal static class Json
{
    /// <summary>
    /// A Log with what is under it, which nests as deep as the trace. Throws <see cref="JsonException"/>.
    /// </summary>
    public static JsonDocument ParseTrace(ReadOnlyMemory<byte> text) => Parse(text, int.MaxValue);

    /// <summary>As deep as a message may be. Throws <see cref="JsonException"/> where it is no JSON in UTF-8.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> text) => Parse(text, JsonBody.MaxDepth);

    private static JsonDocument Parse(ReadOnlyMemory<byte> text, int maxDepth)
    {
        var json = JsonBody.Clean(text) ?? throw new JsonException("It is not UTF-8");
        var options = new JsonDocumentOptions { MaxDepth = maxDepth };
        try
        {
            return JsonDocument.Parse(json, options);
        }
        catch (JsonException) when (NonNumbers.Replace(json.Span) is { } repaired)
        {
            return JsonDocument.Parse(repaired.Json, options);
        }
    }

    /// <summary>The value of that name in an object; null where there is none, or it is null.</summary>
    public static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty(name, out var member)
            && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    /// <summary>The text of that name in an object; null where there is none, or it is empty.</summary>
    public static string? Text(JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.String } member && member.GetString() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>The items of the list of that name in an object.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>What is wrong with it, as a sentence.</summary>
    public static string Reason(JsonException exception) => exception.BytePositionInLine is { } at
        ? $"it is no JSON from byte {at + 1} on."
        : char.ToLowerInvariant(exception.Message[0]) + exception.Message[1..] + '.';

    /// <summary>As it stands in the file.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }
}
