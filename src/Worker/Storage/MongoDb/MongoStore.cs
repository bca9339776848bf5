using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>The store of many workers.</summary>
internal sealed class MongoStore(
    MongoDatabase database, IOptions<StorageOptions>? options = null, ILogger<MongoStore>? logger = null) : IStore
{
    /// <summary>Of MongoDB 5.0: names with dollars and dots, and updates by pipelines.</summary>
    private const int OldestWireVersion = 13;

    public string Description => database.Description;

    public bool IsShared => true;

    public bool Exists => true;

    public IDisposable? Hold() => null;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await CheckServerAsync(cancellationToken);
        await new MongoSchema(database).PrepareAsync(
            options?.Value.Migrate ?? true,
            SchemaLog.Of(logger ?? NullLogger<MongoStore>.Instance, Description),
            cancellationToken);
        database.IsProven = true;
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => database.WriteAsync(
        MongoCollections.Worker,
        [MongoWrite.Update(
            "probe", MongoFilter.Id("probe"), new BsonDocument("$inc", new BsonDocument("probes", 1L)), upsert: true)],
        cancellationToken);

    private async Task CheckServerAsync(CancellationToken cancellationToken)
    {
        var hello = await database.CommandAsync(new("hello", 1), cancellationToken);
        if (hello.GetValue("maxWireVersion", 0).ToInt32() is < OldestWireVersion and var version)
            throw MongoErrors.TooOld(Description, version);
    }
}
