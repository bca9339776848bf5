using Worker.Storage.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>Elements that may be absent.</summary>
internal static class MongoFields
{
    public static string? Text(this BsonView document, string name) => document.Find(name)?.AsStringOrNull();

    public static DateTimeOffset? Instant(this BsonView document, string name) =>
        document.Find(name) is { IsNull: false } date ? DateTimeOffset.FromUnixTimeMilliseconds(date.AsDate()) : null;

    public static JsonValue? Json(this BsonView document, string name) => document.Find(name) is { } value ? new JsonValue(JsonBson.Read(value)) : null;

    public static ReadOnlyMemory<byte>? Bytes(this BsonView document, string name) => document.Find(name)?.AsBinary(out _);

    public static List<BsonElement> Items(this BsonView array)
    {
        var items = new List<BsonElement>();
        foreach (var item in array)
            items.Add(item);
        return items;
    }
}
