using MongoDB.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>Documents with elements that may be absent, made and read.</summary>
internal static class MongoFields
{
    /// <summary>A document of those elements that have a value.</summary>
    public static BsonDocument Document(params ReadOnlySpan<(string Name, BsonValue? Value)> elements)
    {
        var document = new BsonDocument();
        foreach (var (name, value) in elements)
        {
            if (value is not null)
                document.Add(name, value);
        }

        return document;
    }

    /// <summary>The instant in whole milliseconds: more a date does not hold.</summary>
    public static BsonDateTime Date(DateTimeOffset instant) => new(instant.ToUnixTimeMilliseconds());

    public static BsonDateTime? Date(DateTimeOffset? instant) => instant is { } known ? Date(known) : null;

    public static BsonValue? Json(JsonValue? json) => json is { } value ? JsonBson.ToBson(value) : null;

    public static string? Text(this BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) && value.IsString ? value.AsString : null;

    public static DateTimeOffset? Instant(this BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) && value is BsonDateTime date
            ? DateTimeOffset.FromUnixTimeMilliseconds(date.MillisecondsSinceEpoch)
            : null;

    public static JsonValue? Json(this BsonDocument document, string name) => document.TryGetValue(name, out var value)
        ? JsonBson.ToJson(value)
        : null;
}
