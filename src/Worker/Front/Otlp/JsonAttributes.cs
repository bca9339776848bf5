using System.Buffers;
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

    /// <summary>Throws <see cref="BadSpanException"/>.</summary>
    public static void Read(JsonPart list, SpanAttributes attributes)
    {
        foreach (var item in JsonParts.Items(list.Value.Utf8))
        {
            if (Pair(item.Value.Utf8) is { } pair)
                attributes.Add(pair.Key, pair.Value);
        }
    }

    /// <summary>Null where it has no name.</summary>
    public static KeyValuePair<string, JsonValue>? Pair(ReadOnlyMemory<byte> json) => Pair(json, 0);

    private static KeyValuePair<string, JsonValue>? Pair(ReadOnlyMemory<byte> json, int depth)
    {
        string? key = null;
        var value = Null;
        foreach (var (name, part) in JsonParts.Members(json))
        {
            if (name == "key")
                key = part.Text;
            else if (name == "value")
                value = Value(part.Value.Utf8, depth);
        }

        return key is null ? null : new(key, value);
    }

    private static JsonValue Value(ReadOnlyMemory<byte> json, int depth)
    {
        if (depth >= OtlpLimits.Depth)
            throw new BadSpanException($"The value of an attribute nests deeper than {OtlpLimits.Depth}; flatten it");
        foreach (var (name, part) in JsonParts.Members(json))
        {
            if (part.IsNull)
                continue;
            switch (name)
            {
                case "stringValue" or "string_value": return part.Value;
                case "boolValue" or "bool_value": return part.Value;
                case "bytesValue" or "bytes_value": return part.Value;
                case "intValue" or "int_value" or "doubleValue" or "double_value": return SpanAttributes.Number(part.Value) ?? part.Value;
                case "arrayValue" or "array_value": return Array(part, depth);
                case "kvlistValue" or "kvlist_value": return Map(part, depth);
            }
        }

        return Null;
    }

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
