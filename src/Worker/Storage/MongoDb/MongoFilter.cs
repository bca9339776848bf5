using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Filters that are used again and again.</summary>
internal static class MongoFilter
{
    /// <summary>As many values as one filter asks for.</summary>
    public const int PageSize = 1_000;

    public static BsonDocument Id(string id) => new("_id", id);

    public static BsonDocument Ids(IEnumerable<string> ids) => In("_id", ids);

    /// <summary>The values, each once, in pages of <see cref="PageSize"/>.</summary>
    public static IEnumerable<string[]> Pages(IEnumerable<string> values) =>
        values.Distinct(StringComparer.Ordinal).Chunk(PageSize);

    public static BsonDocument In(string field, IEnumerable<string> values) =>
        new(field, new BsonDocument("$in", new BsonArray(values)));

    public static BsonDocument Exists(bool exists) => new("$exists", exists);

    public static BsonDocument Above(BsonValue value) => new("$gt", value);

    /// <summary>That document, where its <c>stamp</c> is earlier, or it has none.</summary>
    public static BsonDocument Earlier(string id, string stamp) =>
        new() { { "_id", id }, { "stamp", new BsonDocument("$not", new BsonDocument("$gte", stamp)) } };

    /// <summary>Not there, or not between the two: after the one, and at the other at the latest.</summary>
    public static BsonDocument Outside(DateTimeOffset from, DateTimeOffset to) =>
        new("$not", new BsonDocument { { "$gt", MongoFields.Date(from) }, { "$lte", MongoFields.Date(to) } });

    /// <summary>Those fields, and <c>_id</c>.</summary>
    public static BsonDocument Only(params ReadOnlySpan<string> fields)
    {
        var projection = new BsonDocument("_id", 1);
        foreach (var field in fields)
            projection.Add(field, 1);
        return projection;
    }

    public static BsonDocument Ascending(params ReadOnlySpan<string> fields) => Sort(1, fields);

    public static BsonDocument Descending(params ReadOnlySpan<string> fields) => Sort(-1, fields);

    private static BsonDocument Sort(int direction, ReadOnlySpan<string> fields)
    {
        var sort = new BsonDocument();
        foreach (var field in fields)
            sort.Add(field, direction);
        return sort;
    }
}
