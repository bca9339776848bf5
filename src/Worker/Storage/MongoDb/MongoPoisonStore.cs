using System.Collections.Concurrent;
using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Attempts at messages that came back too often. Each count carries a token. One whose reply was lost may have been done, so
/// its token is kept and used again by the next count of that message in this process: what was not told is not counted twice.
/// </summary>
internal sealed class MongoPoisonStore(MongoDatabase database) : IPoisonStore
{
    private readonly ConcurrentDictionary<string, string> _untold = new(StringComparer.Ordinal);

    public async Task<int> CountAsync(string messageKey, CancellationToken cancellationToken)
    {
        var token = _untold.GetOrAdd(messageKey, static _ => Guid.NewGuid().ToString("N"));
        var notThis = new BsonDocument { { "_id", messageKey }, { "token", new BsonDocument { { "$ne", token } } } };
        var count = new BsonDocument { { "$inc", new BsonDocument { { "attempts", 1 } } }, { "$set", new BsonDocument { { "token", token } } } };

        // A duplicate key says that this very count is there already.
        await database.UpdateAsync(MongoCollections.Poison, [MongoUpdate.Of(messageKey, notThis, count, upsert: true)], cancellationToken);
        var counted = await database.FindAsync(MongoCollections.Poison, MongoFilter.Id(messageKey), found => found["attempts"].AsInt32(), cancellationToken);
        _untold.TryRemove(messageKey, out _);
        return counted is [var attempts] ? attempts : 1;
    }

    public Task ClearAsync(string messageKey, CancellationToken cancellationToken) =>
        database.DeleteAsync(MongoCollections.Poison, MongoFilter.Id(messageKey), cancellationToken);
}
