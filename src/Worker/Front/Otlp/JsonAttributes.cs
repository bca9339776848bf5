using System.Buffers;
using System.Text.Json;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// Attributes in the protocol's JSON: each value is wrapped in an object that names its type, and is kept as the plain
/// JSON that it stands for.
/// </summary>
internal static class JsonAttributes
{
    private static readonly JsonValue Null = JsonValue.Parse("null");

    /// <summary>
    /// All of a list, in one pass but for values that hold others. Throws <see cref="BadSpanException"/>.
    /// </summary>
    public static void Read(JsonPart list, SpanAttributes attributes)
    {
        var json = list.Value.Utf8;
        var reader = new Utf8JsonReader(json.Span, JsonParts.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                reader.Skip();
            else if (Pair(ref reader, json, 0) is { } pair)
                attributes.Add(pair.Key, pair.Value);
        }
    }

    /// <summary>Null where it has no name. Throws <see cref="BadSpanException"/>.</summary>
    public static KeyValuePair<string, JsonValue>? Pair(ReadOnlyMemory<byte> json) => Pair(json, 0);

    private static KeyValuePair<string, JsonValue>? Pair(ReadOnlyMemory<byte> json, int depth)
    {
        var reader = new Utf8JsonReader(json.Span, JsonParts.Options);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Pair(ref reader, json, depth) : null;
    }

    /// <summary>From an object's beginning to its end.</summary>
    private static KeyValuePair<string, JsonValue>? Pair(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, int depth)
    {
        string? key = null;
        var value = Null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isKey, isValue) = (reader.ValueTextEquals("key"u8), reader.ValueTextEquals("value"u8));
            reader.Read();
            if (isKey && reader.TokenType == JsonTokenType.String)
                key = reader.GetString();
            else if (isValue && reader.TokenType == JsonTokenType.StartObject)
                value = Value(ref reader, json, depth);
            else
                reader.Skip();
        }

        return key is null ? null : new(key, value);
    }

    private static JsonValue Value(ReadOnlyMemory<byte> json, int depth)
    {
        var reader = new Utf8JsonReader(json.Span, JsonParts.Options);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Value(ref reader, json, depth) : Null;
    }

    private static JsonValue Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, int depth)
    {
        if (depth >= OtlpLimits.Depth)
            throw new BadSpanException($"The value of an attribute nests deeper than {OtlpLimits.Depth}; flatten it");
        var value = Null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            var part = JsonParts.Cut(ref reader, json);
            if (!part.IsNull)
                value = Value(name!, part, depth) ?? value;
        }

        return value;
    }

    /// <summary>Null of a type that is not known.</summary>
    private static JsonValue? Value(string type, JsonPart part, int depth) => type switch
    {
        "stringValue" or "string_value" or "boolValue" or "bool_value" or "bytesValue" or "bytes_value" => part.Value,
        "intValue" or "int_value" or "doubleValue" or "double_value" => SpanAttributes.Number(part.Value) ?? part.Value,
        "arrayValue" or "array_value" => Array(part, depth),
        "kvlistValue" or "kvlist_value" => Map(part, depth),
        _ => null,
    };

    private static JsonValue Array(JsonPart part, int depth)
    {
        var json = new ArrayBufferWriter<byte>();
        json.Write("["u8);
        foreach (var item in Values(part))
        {
            if (json.WrittenCount > 1)
                json.Write(","u8);
            json.Write(Value(item.Value.Utf8, depth + 1).Utf8.Span);
        }

        json.Write("]"u8);
        return new(json.WrittenMemory);
    }

    private static JsonValue Map(JsonPart part, int depth)
    {
        var json = new ArrayBufferWriter<byte>();
        json.Write("{"u8);
        foreach (var item in Values(part))
        {
            if (Pair(item.Value.Utf8, depth + 1) is not { } pair)
                continue;
            if (json.WrittenCount > 1)
                json.Write(","u8);
            json.Write(JsonValue.FromText(pair.Key).Utf8.Span);
            json.Write(":"u8);
            json.Write(pair.Value.Utf8.Span);
        }

        json.Write("}"u8);
        return new(json.WrittenMemory);
    }

    private static IEnumerable<JsonPart> Values(JsonPart part) =>
        JsonParts.Members(part.Value.Utf8)
            .Where(member => member.Name == "values")
            .SelectMany(member => JsonParts.Items(member.Part.Value.Utf8));
}
