using System.Text.Json;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// One level of well-formed JSON, cut into its parts without copying them. What is not asked for costs nothing but being
/// passed over.
/// </summary>
internal static class JsonParts
{
    /// <summary>Deeper than anything is taken: what is too deep is told of the span that it is in.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>The members of an object; none of anything else. Throws <see cref="JsonException"/>.</summary>
    public static List<(string Name, JsonPart Part)> Members(ReadOnlyMemory<byte> json)
    {
        var members = new List<(string, JsonPart)>();
        var reader = new Utf8JsonReader(json.Span, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return members;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            members.Add((name, Cut(ref reader, json)));
        }

        return members;
    }

    /// <summary>The items of an array; none of anything else. Throws <see cref="JsonException"/>.</summary>
    public static List<JsonPart> Items(ReadOnlyMemory<byte> json)
    {
        var items = new List<JsonPart>();
        var reader = new Utf8JsonReader(json.Span, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return items;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Cut(ref reader, json));
        return items;
    }

    /// <summary>Whether it is one object, and nothing after it. Throws <see cref="JsonException"/>.</summary>
    public static bool IsObject(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, Options);
        reader.Read();
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        reader.Skip();
        reader.Read();
        return isObject;
    }

    private static JsonPart Cut(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var (type, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        reader.Skip();
        return new(type, new JsonValue(json[start..(int)reader.BytesConsumed]));
    }
}
