using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Leases on attempts: an upsert that finds nothing it may take, and what is there already, is a duplicate key.</summary>
internal sealed class MongoAttemptStore(MongoDatabase database) : IAttemptStore
{
    public async Task<bool> TryTakeAsync(
        string attemptId, string logId, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var lapsed = new BsonDocument { { "until", new BsonDocument { { "$lte", now } } } };
        var free = new BsonDocument { { "_id", attemptId }, { "$or", new BsonArray { new BsonDocument { { "owner", owner } }, lapsed } } };
        var take = new BsonDocument { { "$set", new BsonDocument { { "log_id", logId }, { "owner", owner }, { "until", until } } } };
        return (await database.UpdateAsync(MongoCollections.Attempts, [MongoUpdate.Of(attemptId, free, take, upsert: true)], cancellationToken)).Matched == 1;
    }
}
