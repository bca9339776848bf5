using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Worker.Storage.Bson;

/// <summary>
/// JSON as BSON that people can query, and back: the same value, with the order of names kept and numbers as
/// <see cref="JsonNumber"/> says; white space and escapes are not kept. Names with dollars and dots stay as they are. What BSON
/// or a server cannot hold is kept as its JSON text, in a binary of subtype <see cref="TextSubtype"/>, which nothing else
/// becomes: an object with NUL in a name or one name twice, what nests deeper than <see cref="MaxDepth"/>, and a number that is
/// none of BSON's.
/// </summary>
internal static class JsonBson
{
    public const byte TextSubtype = 0x80;

    /// <summary>MongoDB promises to take 100 levels, of which a document and its command need some.</summary>
    public const int MaxDepth = 72;

    /// <summary>What is converted was checked for depth when it was taken in.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = int.MaxValue };

    private static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the element <paramref name="name"/> with that value, which is well formed.</summary>
    public static void Write(BsonWriter bson, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        new JsonToBson(bson).Write(name, ref reader, json);
    }

    /// <summary>The value as JSON text. Throws <see cref="BsonException"/> when it is of a type that JSON never becomes.</summary>
    public static byte[] Read(BsonElement element)
    {
        var text = new ArrayBufferWriter<byte>(element.Value.Length + 16);
        using (var json = new Utf8JsonWriter(text, WriterOptions))
            BsonToJson.Write(element, json);
        return text.WrittenSpan.ToArray();
    }
}
