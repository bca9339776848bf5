using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>
/// How what the page reads is written: it is never put into markup, so quotes need no escapes for that.
/// </summary>
internal static class PageJson
{
    public static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = int.MaxValue,
    };

    /// <summary>For what is small.</summary>
    public static readonly JsonSerializerOptions SnakeCase = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static void WriteNumberOrNull(this Utf8JsonWriter writer, string name, long? number)
    {
        writer.WritePropertyName(name);
        writer.WriteNumberOrNullValue(number);
    }

    public static void WriteNumberOrNull(this Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } value)
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    public static void WriteNumberOrNullValue(this Utf8JsonWriter writer, long? number)
    {
        if (number is { } value)
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }

    /// <summary>What JSON has no number for is null, too.</summary>
    public static void WriteNumberOrNullValue(this Utf8JsonWriter writer, float? number)
    {
        if (number is { } value && float.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }

    public static void WriteValue(this Utf8JsonWriter writer, string name, JsonValue? value)
    {
        writer.WritePropertyName(name);
        if (value is { } json)
            writer.WriteRawValue(json.Utf8.Span, skipInputValidation: true);
        else
            writer.WriteNullValue();
    }

    public static void WriteStrings(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
