using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>The front's keys.</summary>
internal sealed class MongoKeyStore(MongoDatabase database) : IKeyStore
{
    public Task AddAsync(ApiKey key, CancellationToken cancellationToken) =>
        database.InsertAsync(MongoCollections.Keys, [ToDocument(key)], cancellationToken);

    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) =>
        await database.FindAsync(
            MongoCollections.Keys, [], ToKey, cancellationToken, sort: MongoFilter.Ascending("created_at", "_id"));

    public Task<bool> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var standing = new BsonDocument { { "_id", id }, { "revoked_at", MongoFilter.Exists(false) } };
        var revoke = new BsonDocument("$set", new BsonDocument("revoked_at", MongoFields.Date(at)));
        return database.RunAsync(
            async session =>
            {
                var keys = database.Collection(MongoCollections.Keys);
                var result = await keys.UpdateOneAsync(session, standing, revoke, options: null, cancellationToken);
                return result.ModifiedCount == 1;
            },
            cancellationToken,
            "write");
    }

    private static BsonDocument ToDocument(ApiKey key) => MongoFields.Document(
        ("_id", key.Id),
        ("name", key.Name),
        ("hash", key.Hash),
        ("roles", (int)key.Roles),
        ("path", key.Path),
        ("rate", key.Rate is { } rate ? (BsonValue)rate : null),
        ("max_body", key.MaxBody is { } bytes ? (BsonValue)bytes : null),
        ("created_at", MongoFields.Date(key.CreatedAt)),
        ("revoked_at", MongoFields.Date(key.RevokedAt)));

    private static ApiKey ToKey(BsonDocument key) => new()
    {
        Id = key["_id"].AsString,
        Name = key["name"].AsString,
        Hash = key["hash"].AsString,
        Roles = (KeyRoles)key["roles"].ToInt32(),
        Path = key.Text("path"),
        Rate = key.TryGetValue("rate", out var rate) ? rate.ToInt32() : null,
        MaxBody = key.TryGetValue("max_body", out var bytes) ? bytes.ToInt32() : null,
        CreatedAt = key.Instant("created_at")!.Value,
        RevokedAt = key.Instant("revoked_at"),
    };
}
