using System.Collections.Concurrent;
using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Attempts at messages that are tried with care. Each count carries a token. One whose reply was lost may have been
/// done, so its token is kept and used again by the next count of that message in this process: what was not told is
/// not counted twice.
/// </summary>
internal sealed class MongoPoisonStore(MongoDatabase database) : IPoisonStore
{
    private readonly ConcurrentDictionary<string, string> _untold = new(StringComparer.Ordinal);

    public async Task<IReadOnlyDictionary<string, int>> ReadAsync(
        IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken)
    {
        var attempts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var page in MongoFilter.Pages(messageKeys))
        {
            var found = await database.FindAsync(
                MongoCollections.Poison,
                MongoFilter.Ids(page),
                each => (Key: each["_id"].AsString, Attempts: each["attempts"].ToInt32()),
                cancellationToken);
            foreach (var (key, count) in found)
                attempts[key] = count;
        }

        return attempts;
    }

    public async Task<IReadOnlyDictionary<string, int>> CountAsync(
        IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken)
    {
        // A duplicate key says that this very count is there already.
        await database.WriteAsync(MongoCollections.Poison, messageKeys.Select(Count), cancellationToken);
        var counted = await ReadAsync(messageKeys, cancellationToken);
        foreach (var key in messageKeys)
            _untold.TryRemove(key, out _);
        return counted;
    }

    public async Task ClearAsync(IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken)
    {
        foreach (var page in MongoFilter.Pages(messageKeys))
            await database.DeleteAsync(MongoCollections.Poison, MongoFilter.Ids(page), cancellationToken);
    }

    private MongoWrite Count(string messageKey)
    {
        var token = _untold.GetOrAdd(messageKey, static _ => Guid.NewGuid().ToString("N"));
        var notThis = new BsonDocument { { "_id", messageKey }, { "token", new BsonDocument("$ne", token) } };
        var once = new BsonDocument("attempts", 1);
        var count = new BsonDocument { { "$inc", once }, { "$set", new BsonDocument("token", token) } };
        return MongoWrite.Update(messageKey, notThis, count, upsert: true);
    }
}
