using System.Text.Json;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// One level of well-formed JSON, cut into its parts without copying them. What is not asked for costs nothing but
/// being passed over.
/// </summary>
internal static class JsonParts
{
    /// <summary>Deeper than anything is taken: what is too deep is told of the span that it is in.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>
    /// The members of an object; none of anything else, nor of nothing. Throws <see cref="JsonException"/>.
    /// </summary>
    public static List<(string Name, JsonPart Part)> Members(ReadOnlyMemory<byte> json)
    {
        var members = new List<(string, JsonPart)>();
        if (json.IsEmpty)
            return members;
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

    /// <summary>The first items of an array; none of anything else. Throws <see cref="JsonException"/>.</summary>
    public static List<JsonPart> Items(ReadOnlyMemory<byte> json, int limit = int.MaxValue)
    {
        var items = new List<JsonPart>();
        var reader = new Utf8JsonReader(json.Span, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return items;
        while (items.Count < limit && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Cut(ref reader, json));
        return items;
    }

    /// <summary>The value that the reader stands on, which is left behind.</summary>
    public static JsonPart Cut(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var (type, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        reader.Skip();
        return new(type, new JsonValue(json[start..(int)reader.BytesConsumed]));
    }
}
