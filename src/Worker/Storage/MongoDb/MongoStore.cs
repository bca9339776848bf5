using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>The store of many workers.</summary>
internal sealed class MongoStore(MongoDatabase database) : IStore
{
    /// <summary>Raised when an older worker can no longer use what a later one has written.</summary>
    private const int Schema = 1;

    public string Description => database.Description;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await CheckSchemaAsync(cancellationToken);
        foreach (var indexes in MongoIndexes.Commands())
            await CreateAsync(indexes, cancellationToken);
        database.IsProven = true;
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => database.UpdateAsync(
        MongoCollections.Worker,
        [MongoUpdate.Of("probe", Id("probe"), new BsonDocument { { "$inc", new BsonDocument { { "probes", 1L } } } }, upsert: true)],
        cancellationToken);

    private async Task CheckSchemaAsync(CancellationToken cancellationToken)
    {
        var first = new BsonDocument { { "$setOnInsert", new BsonDocument { { "version", Schema } } } };
        await database.UpdateAsync(MongoCollections.Worker, [MongoUpdate.Of("schema", Id("schema"), first, upsert: true)], cancellationToken);
        foreach (var version in await database.FindAsync(MongoCollections.Worker, Id("schema"), found => found["version"].AsInt32(), cancellationToken))
        {
            if (version > Schema)
            {
                throw new StoreUnusableException(
                    $"{Description} was written by a later version of worker (its schema is {version}, this one knows {Schema}): " +
                    "use that version, or name another database in ConnectionStrings:MongoDb.");
            }
        }
    }

    /// <summary>Several workers that start together may be told that another is at it: then it is done when asked again.</summary>
    private async Task CreateAsync(BsonDocument indexes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.RunAsync(indexes, cancellationToken);
                return;
            }
            catch (MongoException error) when (attempt < 10 && MongoCodes.IsBeingCreated(error.Code))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), database.Time, cancellationToken);
            }
        }
    }

    private static BsonDocument Id(string id) => new() { { "_id", id } };
}
