using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Worker.IntegrationTests.Support;
using Worker.Storage.MongoDb;
using Worker.Testing;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>
/// MongoDB stores in a database of their own, made by the first write. The driver shares its connections among all
/// tests.
/// </summary>
public sealed class MongoTestStore : ITestStore
{
    public static int KillEvery => 8;

    private readonly SqliteTestStore _local = new();

    public string Name { get; } = $"worker_test_{Guid.NewGuid():N}";

    /// <summary>Every command that the stores of this database sent, as the driver tells of it.</summary>
    public ConcurrentQueue<BsonDocument> Commands { get; } = [];

    private MongoAddress Address => MongoAddress.Parse(TestServers.MongoDb!) with { Database = Name };

    /// <summary>A prepared store: one more worker on the same database.</summary>
    internal async Task<StoreUnderTest> OpenAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(TestServers.HasMongoDb, TestServers.MongoDbMissing);
        var store = Create(new MongoDatabase(Address, TimeProvider.System));
        await store.Store.PrepareAsync(cancellationToken);
        return store;
    }

    /// <summary>A prepared store whose commands are remembered.</summary>
    internal async Task<StoreUnderTest> ObserveAsync(CancellationToken cancellationToken)
    {
        var store = Create(new MongoDatabase(Address, TimeProvider.System, Observe));
        await store.Store.PrepareAsync(cancellationToken);
        return store;
    }

    /// <summary>Makes the database one of a later version.</summary>
    internal async Task OutgrowAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        using var database = Connect();
        await database.WriteAsync(
            MongoCollections.Worker,
            [MongoWrite.Replace("schema", MongoFilter.Id("schema"), new("version", 99))],
            cancellationToken);
    }

    internal MongoDatabase Connect() => new(Address, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        _local.Dispose();
        if (!TestServers.HasMongoDb)
            return;
        using var database = Connect();
        await database.CommandAsync(new("dropDatabase", 1), CancellationToken.None);
    }

    Task<StoreUnderTest> ITestStore.OpenAsync(CancellationToken cancellationToken) => OpenAsync(cancellationToken);

    /// <summary>What is local wherever the Logs are is in a file.</summary>
    private StoreUnderTest Create(MongoDatabase database)
    {
        var local = _local.Create();
        return new(
            new MongoStore(database),
            new MongoLogStore(database),
            new MongoLogListing(database),
            new MongoTraceStore(database),
            new MongoFileStore(database),
            new MongoFileListing(database),
            new MongoMonitoringStore(database),
            new MongoRunStore(database),
            new MongoEvaluatorLogStore(database),
            new MongoAttemptStore(database),
            local.DeadLetters,
            local.Inbox,
            new MongoPoisonStore(database),
            new MongoKeyStore(database),
            new MongoBudgetStore(database),
            new MongoPostedVerdictStore(database),
            new MongoAlertStore(database),
            new MongoVerdictListing(database),
            new MongoAgeListing(database),
            new MongoRemovalStore(database),
            new MongoPinStore(database),
            new MongoAuditStore(database),
            new MongoWorkerStore(database),
            null,
            local);
    }

    private void Observe(MongoClientSettings settings)
    {
        var others = settings.ClusterConfigurator;
        settings.ClusterConfigurator = cluster =>
        {
            others?.Invoke(cluster);
            cluster.Subscribe<CommandStartedEvent>(
                command => Commands.Enqueue((BsonDocument)command.Command.DeepClone()));
        };
    }
}
