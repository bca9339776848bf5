using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using Worker.Traces;
using JsonTokenType = System.Text.Json.JsonTokenType;

namespace Worker.Storage.MongoDb;

/// <summary>
/// JSON as BSON that people can query, and back: the same value, with the order of names kept and numbers as
/// <see cref="JsonNumber"/> says; white space and escapes are not kept. Names with dollars and dots stay as they are.
/// What BSON or a server cannot hold is kept as its JSON text, in a binary of subtype <see cref="TextSubtype"/>, which
/// nothing else becomes: an object of <see cref="UnfitObjects"/>, what nests deeper than <see cref="MaxDepth"/>, and a
/// number that is none of BSON's.
/// </summary>
internal static class JsonBson
{
    public const BsonBinarySubType TextSubtype = BsonBinarySubType.UserDefined;

    /// <summary>MongoDB promises to take 100 levels, of which a document and its command need some.</summary>
    public const int MaxDepth = 72;

    /// <summary>What is converted was checked for depth when it was taken in.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = int.MaxValue };

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static BsonValue ToBson(JsonValue json)
    {
        var document = new BsonDocument();
        using (var bson = new BsonDocumentWriter(document))
        {
            bson.WriteStartDocument();
            bson.WriteName("value");
            Write(bson, json.Utf8.Span);
            bson.WriteEndDocument();
        }

        return document["value"];
    }

    public static JsonValue ToJson(BsonValue value)
    {
        using var bson = new BsonDocumentReader(new("value", value));
        bson.ReadStartDocument();
        bson.ReadName("value");
        return Read(bson);
    }

    /// <summary>Writes the value, which is well formed, where the writer stands.</summary>
    public static void Write(IBsonWriter bson, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        Write(bson, ref reader, json, UnfitObjects.In(json), depth: 1);
    }

    /// <summary>
    /// The value where the reader stands. Throws <see cref="FormatException"/> when it is of a type that JSON never
    /// becomes.
    /// </summary>
    public static JsonValue Read(IBsonReader bson)
    {
        if (bson.GetCurrentBsonType() == BsonType.String)
            return JsonValue.FromText(bson.ReadString());

        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, WriterOptions))
            Read(bson, json);
        return new(text.WrittenSpan.ToArray());
    }

    private static void Write(
        IBsonWriter bson, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, HashSet<int>? unfit, int depth)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject
                when depth <= MaxDepth && unfit?.Contains((int)reader.TokenStartIndex) != true:
                WriteObject(bson, ref reader, json, unfit, depth);
                break;
            case JsonTokenType.StartArray when depth <= MaxDepth:
                WriteArray(bson, ref reader, json, unfit, depth);
                break;
            case JsonTokenType.String:
                bson.WriteString(reader.GetString());
                break;
            case JsonTokenType.True or JsonTokenType.False:
                bson.WriteBoolean(reader.GetBoolean());
                break;
            case JsonTokenType.Null:
                bson.WriteNull();
                break;
            case JsonTokenType.Number when JsonNumber.TryWrite(bson, reader.ValueSpan):
                break;
            default:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                bson.WriteBinaryData(new BsonBinaryData(json[start..(int)reader.BytesConsumed].ToArray(), TextSubtype));
                break;
        }
    }

    private static void WriteObject(
        IBsonWriter bson, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, HashSet<int>? unfit, int depth)
    {
        bson.WriteStartDocument();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bson.WriteName(reader.GetString());
            reader.Read();
            Write(bson, ref reader, json, unfit, depth + 1);
        }

        bson.WriteEndDocument();
    }

    private static void WriteArray(
        IBsonWriter bson, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, HashSet<int>? unfit, int depth)
    {
        bson.WriteStartArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            Write(bson, ref reader, json, unfit, depth + 1);
        bson.WriteEndArray();
    }

    private static void Read(IBsonReader bson, Utf8JsonWriter json)
    {
        switch (bson.GetCurrentBsonType())
        {
            case BsonType.String:
                json.WriteStringValue(bson.ReadString());
                break;
            case BsonType.Document:
                ReadObject(bson, json);
                break;
            case BsonType.Array:
                ReadArray(bson, json);
                break;
            case BsonType.Int32:
                json.WriteNumberValue(bson.ReadInt32());
                break;
            case BsonType.Int64:
                json.WriteNumberValue(bson.ReadInt64());
                break;
            case BsonType.Double when bson.ReadDouble() is var number && double.IsFinite(number):
                json.WriteRawValue(JsonNumber.Spell(number), skipInputValidation: true);
                break;
            case BsonType.Decimal128
                when bson.ReadDecimal128() is var number
                    && !Decimal128.IsNaN(number)
                    && !Decimal128.IsInfinity(number):
                json.WriteRawValue(number.ToString(), skipInputValidation: true);
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(bson.ReadBoolean());
                break;
            case BsonType.Null:
                bson.ReadNull();
                json.WriteNullValue();
                break;
            case BsonType.Binary when bson.ReadBinaryData() is { SubType: TextSubtype } text:
                Check(text.Bytes);
                json.WriteRawValue(text.Bytes, skipInputValidation: true);
                break;
            case var type:
                throw new FormatException(
                    $"A {type} stands where JSON was stored, and no JSON value becomes that: somebody else wrote it.");
        }
    }

    /// <summary>Throws <see cref="JsonException"/> when it is no JSON. It may nest to any depth.</summary>
    private static void Check(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, ReaderOptions);
        while (reader.Read())
        {
        }
    }

    private static void ReadObject(IBsonReader bson, Utf8JsonWriter json)
    {
        bson.ReadStartDocument();
        json.WriteStartObject();
        while (bson.ReadBsonType() != BsonType.EndOfDocument)
        {
            json.WritePropertyName(bson.ReadName());
            Read(bson, json);
        }

        json.WriteEndObject();
        bson.ReadEndDocument();
    }

    private static void ReadArray(IBsonReader bson, Utf8JsonWriter json)
    {
        bson.ReadStartArray();
        json.WriteStartArray();
        while (bson.ReadBsonType() != BsonType.EndOfDocument)
            Read(bson, json);
        json.WriteEndArray();
        bson.ReadEndArray();
    }
}
