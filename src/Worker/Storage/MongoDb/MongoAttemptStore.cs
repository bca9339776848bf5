using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Leases on attempts: an upsert that finds nothing it may take, and what is there already, is a duplicate key.</summary>
internal sealed class MongoAttemptStore(MongoDatabase database) : IAttemptStore
{
    private readonly Coalescer<MongoUpdate, bool> _takes = new(takes => TakeAsync(database, takes), _ => 1);

    public Task<bool> TryTakeAsync(
        string attemptId, string logId, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var lapsed = new BsonDocument { { "until", MongoFilter.Outside(now, Leases.Latest(until)) } };
        var free = new BsonDocument { { "_id", attemptId }, { "$or", new BsonArray { new BsonDocument { { "owner", owner } }, lapsed } } };
        var take = new BsonDocument { { "$set", new BsonDocument { { "log_id", logId }, { "owner", owner }, { "until", until } } } };
        return _takes.RunAsync(MongoUpdate.Of(attemptId, free, take, upsert: true), cancellationToken);
    }

    private static async Task<IReadOnlyList<bool>> TakeAsync(MongoDatabase database, IReadOnlyList<MongoUpdate> takes)
    {
        var result = await database.UpdateAsync(MongoCollections.Attempts, takes, CancellationToken.None);
        var lost = result.Lost.ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. takes.Select(take => !lost.Contains(take))];
    }
}
