using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>The database's size, as the server says it. What is freed the server uses again by itself.</summary>
internal sealed class MongoSpace(MongoDatabase database) : ISpace
{
    public async Task<long> InUseAsync(CancellationToken cancellationToken)
    {
        var stats = await database.CommandAsync(new BsonDocument("dbStats", 1), cancellationToken);
        return stats["dataSize"].ToInt64() + stats["indexSize"].ToInt64();
    }

    public Task<long> GiveBackAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<long> CompactAsync(CancellationToken cancellationToken) => Task.FromResult(0L);
}
