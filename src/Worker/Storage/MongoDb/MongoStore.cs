using MongoDB.Bson;
using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>The store of many workers.</summary>
internal sealed class MongoStore(MongoDatabase database) : IStore
{
    /// <summary>Raised when an older worker can no longer use what a later one has written.</summary>
    private const int Schema = 1;

    /// <summary>Of MongoDB 5.0: names with dollars and dots, and updates by pipelines.</summary>
    private const int OldestWireVersion = 13;

    public string Description => database.Description;

    public bool IsShared => true;

    public bool Exists => true;

    public IDisposable? Hold() => null;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await CheckServerAsync(cancellationToken);
        await CheckSchemaAsync(cancellationToken);
        foreach (var indexes in MongoIndexes.Commands())
            await CreateAsync(indexes, cancellationToken);
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

    private async Task CheckSchemaAsync(CancellationToken cancellationToken)
    {
        var first = new BsonDocument("$setOnInsert", new BsonDocument("version", Schema));
        await database.WriteAsync(
            MongoCollections.Worker,
            [MongoWrite.Update("schema", MongoFilter.Id("schema"), first, upsert: true)],
            cancellationToken);
        var found = await database.FindAsync(
            MongoCollections.Worker,
            MongoFilter.Id("schema"),
            document => document["version"].ToInt32(),
            cancellationToken);
        foreach (var version in found)
        {
            if (version > Schema)
            {
                throw new StoreUnusableException(
                    $"{Description} was written by a later version of worker " +
                    $"(its schema is {version}, this one knows {Schema}): " +
                    "use that version, or name another database in ConnectionStrings:MongoDb.");
            }
        }
    }

    /// <summary>
    /// Several workers that start together may be told that another is at it: then it is done when asked again.
    /// </summary>
    private async Task CreateAsync(BsonDocument indexes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.CommandAsync(indexes, cancellationToken);
                return;
            }
            catch (StoreUnexpectedException error) when (attempt < 10 && MongoCodes.IsBeingCreated(error.Code))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), database.Time, cancellationToken);
            }
        }
    }
}
