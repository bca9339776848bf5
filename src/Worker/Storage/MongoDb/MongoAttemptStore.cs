using MongoDB.Bson;
using Worker.Runs;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Leases on attempts: an upsert that finds nothing it may take, and what is there already, is a duplicate key.
/// </summary>
internal sealed class MongoAttemptStore(MongoDatabase database) : IAttemptStore
{
    private readonly Coalescer<MongoWrite, bool> _takes = new(takes => TakeAsync(database, takes), _ => 1);

    public Task<bool> TryTakeAsync(
        string attemptId,
        string logId,
        string owner,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellationToken)
    {
        var lapsed = new BsonDocument("until", MongoFilter.Outside(now, Leases.Latest(until)));
        var free = new BsonDocument
        {
            { "_id", attemptId },
            { "$or", new BsonArray { new BsonDocument("owner", owner), lapsed } },
        };
        var lease = new BsonDocument { { "log_id", logId }, { "owner", owner }, { "until", MongoFields.Date(until) } };
        return _takes.RunAsync(
            MongoWrite.Update(attemptId, free, new BsonDocument("$set", lease), upsert: true), cancellationToken);
    }

    private static async Task<IReadOnlyList<bool>> TakeAsync(MongoDatabase database, IReadOnlyList<MongoWrite> takes)
    {
        var result = await database.WriteAsync(MongoCollections.Attempts, takes, CancellationToken.None);
        var lost = result.Lost.ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. takes.Select(take => !lost.Contains(take))];
    }
}
