using Worker.IntegrationTests.Support;
using Worker.Storage.Bson;
using Worker.Storage.MongoDb;
using Worker.Testing;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>MongoDB stores in a database of their own, made by the first write. The connections are all tests'.</summary>
internal sealed class MongoTestStore
{
    private static readonly Lazy<IMongoChannel> Connections = new(() => MongoChannel.Of(MongoAddress.Parse(TestServers.MongoDb!), TimeProvider.System));

    public string Name { get; } = $"worker_test_{Guid.NewGuid():N}";

    public IMongoChannel Channel { get; } = new Borrowed();

    /// <summary>A prepared store: one more worker on the same database.</summary>
    public async Task<StoreUnderTest> OpenAsync(CancellationToken cancellationToken)
    {
        var store = Create(Channel);
        await store.Store.PrepareAsync(cancellationToken);
        return store;
    }

    /// <summary>One that is not prepared yet, over any channel.</summary>
    public StoreUnderTest Create(IMongoChannel channel) => Create(Database(channel));

    public static StoreUnderTest Create(MongoDatabase database) => new(
        new MongoStore(database),
        new MongoLogStore(database),
        new MongoTraceStore(database),
        new MongoFileStore(database),
        new MongoRunStore(database),
        new MongoEvaluatorLogStore(database),
        new MongoAttemptStore(database),
        new MongoDeadLetterStore(database),
        new MongoInbox(database),
        new MongoPoisonStore(database),
        database);

    public MongoDatabase Database(IMongoChannel channel) => new(channel, new MongoAddress("", Name, "MongoDB of the tests"), TimeProvider.System);

    public async Task DropAsync()
    {
        if (TestServers.HasMongoDb)
            await Database(Channel).RunAsync(new BsonDocument { { "dropDatabase", 1 } }, CancellationToken.None);
    }

    /// <summary>The connections stay open for the next test.</summary>
    private sealed class Borrowed : IMongoChannel
    {
        public Task<ReadOnlyMemory<byte>> RunAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
        {
            Assert.SkipUnless(TestServers.HasMongoDb, TestServers.MongoDbMissing);
            return Connections.Value.RunAsync(database, command, cancellationToken);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
