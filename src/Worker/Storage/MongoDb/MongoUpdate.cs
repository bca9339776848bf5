using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>One statement of an <c>update</c> command.</summary>
/// <param name="Id">What it is sorted by: so no two workers wait for each other's documents.</param>
internal sealed record MongoUpdate(string Id, BsonDocument Statement)
{
    /// <param name="update">Operators, or the whole document to stand in its place.</param>
    public static MongoUpdate Of(string id, BsonDocument filter, BsonDocument update, bool upsert = false) =>
        new(id, new BsonDocument { { "q", filter }, { "u", update }, { "upsert", upsert } });

    /// <param name="pipeline">The stages that make the new document out of the old.</param>
    public static MongoUpdate Of(string id, BsonDocument filter, BsonArray pipeline, bool upsert = false) =>
        new(id, new BsonDocument { { "q", filter }, { "u", pipeline }, { "upsert", upsert } });
}
