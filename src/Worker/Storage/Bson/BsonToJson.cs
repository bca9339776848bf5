using System.Text;
using System.Text.Json;

namespace Worker.Storage.Bson;

/// <summary>The way back of <see cref="JsonToBson"/>.</summary>
internal static class BsonToJson
{
    /// <summary>Deeper documents are not ours.</summary>
    private const int MaxDepth = 256;

    /// <summary>Writes the element's value, not its name.</summary>
    public static void Write(BsonElement element, Utf8JsonWriter json) => Write(element, json, depth: 0);

    private static void Write(BsonElement element, Utf8JsonWriter json, int depth)
    {
        switch (element.Type)
        {
            case BsonType.String:
                json.WriteStringValue(element.AsUtf8());
                break;
            case BsonType.Document:
                WriteObject(element.AsView(), json, depth + 1);
                break;
            case BsonType.Array:
                WriteArray(element.AsView(), json, depth + 1);
                break;
            case BsonType.Int32 or BsonType.Int64:
                json.WriteNumberValue(element.AsInt64());
                break;
            case BsonType.Double when double.IsFinite(element.AsDouble()):
                json.WriteRawValue(JsonNumber.Spell(element.AsDouble()), skipInputValidation: true);
                break;
            case BsonType.Decimal128 when element.AsDecimal128().IsFinite:
                json.WriteRawValue(element.AsDecimal128().ToString(), skipInputValidation: true);
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(element.AsBool());
                break;
            case BsonType.Null:
                json.WriteNullValue();
                break;
            case BsonType.Binary:
                WriteText(element, json);
                break;
            default:
                throw new BsonException($"\"{Encoding.UTF8.GetString(element.Name)}\" is a {element.Type}, which no JSON value becomes: somebody else wrote it.");
        }
    }

    private static void WriteObject(BsonView document, Utf8JsonWriter json, int depth)
    {
        CheckDepth(depth);
        json.WriteStartObject();
        foreach (var member in document)
        {
            json.WritePropertyName(System.Text.Unicode.Utf8.IsValid(member.Name) ? member.Name : throw new BsonException("A name is not UTF-8."));
            Write(member, json, depth);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(BsonView array, Utf8JsonWriter json, int depth)
    {
        CheckDepth(depth);
        json.WriteStartArray();
        foreach (var item in array)
            Write(item, json, depth);
        json.WriteEndArray();
    }

    private static void WriteText(BsonElement element, Utf8JsonWriter json)
    {
        var text = element.AsBinary(out var subtype);
        if (subtype != JsonBson.TextSubtype)
            throw new BsonException($"\"{Encoding.UTF8.GetString(element.Name)}\" is a binary of subtype {subtype}, which no JSON value becomes.");
        CheckText(element, text.Span);
        json.WriteRawValue(text.Span, skipInputValidation: true);
    }

    private static void CheckText(BsonElement element, ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, JsonBson.ReaderOptions);
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw new BsonException($"\"{Encoding.UTF8.GetString(element.Name)}\" should be JSON text, and is none.", exception);
        }
    }

    private static void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
            throw new BsonException($"The document nests deeper than {MaxDepth} levels.");
    }
}
