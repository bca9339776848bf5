using MongoDB.Bson;
using MongoDB.Driver;

namespace Worker.Storage.MongoDb;

/// <summary>One statement of a bulk.</summary>
/// <param name="Id">What it is sorted by: so no two workers wait for each other's documents.</param>
internal sealed record MongoWrite(string Id, WriteModel<BsonDocument> Model)
{
    /// <param name="update">Operators.</param>
    public static MongoWrite Update(string id, BsonDocument filter, BsonDocument update, bool upsert = false) =>
        new(id, new UpdateOneModel<BsonDocument>(filter, update) { IsUpsert = upsert });

    /// <param name="stages">The stages that make the new document out of the old.</param>
    public static MongoWrite Transform(string id, BsonDocument filter, BsonDocument[] stages, bool upsert = false)
    {
        var pipeline = PipelineDefinition<BsonDocument, BsonDocument>.Create(stages);
        return new(id, new UpdateOneModel<BsonDocument>(filter, pipeline) { IsUpsert = upsert });
    }

    /// <param name="document">To stand in its place.</param>
    public static MongoWrite Replace(string id, BsonDocument filter, BsonDocument document, bool upsert = false) =>
        new(id, new ReplaceOneModel<BsonDocument>(filter, document) { IsUpsert = upsert });

    /// <param name="document">New, with an <c>_id</c>.</param>
    public static MongoWrite Insert(BsonDocument document) =>
        new(document["_id"].AsString, new InsertOneModel<BsonDocument>(document));

    /// <summary>Everything that matches goes.</summary>
    public static MongoWrite Delete(BsonDocument filter) => new("", new DeleteManyModel<BsonDocument>(filter));
}
