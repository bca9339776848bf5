using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using MongoDB.Driver;
using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>
/// The worker's database. Writes are acknowledged by a majority. Reads see every write that was acknowledged to this
/// process before they began: each has a causally consistent session that begins at the time of the last write, where
/// the server keeps such a time (a replica set or a sharded cluster). Throws <see cref="StoreUnavailableException"/>,
/// <see cref="StoreUnusableException"/> and <see cref="StoreUnexpectedException"/>.
/// </summary>
/// <param name="observe">Is told of the driver's settings before they are used; for tests.</param>
internal sealed class MongoDatabase(
    MongoAddress address,
    TimeProvider time,
    Action<MongoClientSettings>? observe = null,
    StoreMetrics? metrics = null) : IDisposable
{
    private static readonly ClientSessionOptions Causal = new() { CausalConsistency = true };

    private static readonly MongoDatabaseSettings Majority = new()
    {
        ReadConcern = ReadConcern.Majority,
        WriteConcern = WriteConcern.WMajority.With(wTimeout: TimeSpan.FromSeconds(20)),
    };

    private readonly Lock _connecting = new();
    private MongoClient? _client;
    private BsonTimestamp? _lastWrite;

    public string Description => address.Description;

    public TimeProvider Time { get; } = time;

    /// <summary>The store was made ready once: what is refused from now on may be taken again later.</summary>
    public bool IsProven { private get; set; }

    public IMongoCollection<BsonDocument> Collection(string name) => Connected().GetCollection<BsonDocument>(name);

    /// <summary>Runs one operation in a session of its own, and remembers its time.</summary>
    /// <param name="kind">For the metrics: <c>read</c> or <c>write</c>.</param>
    public Task<T> RunAsync<T>(
        Func<IClientSessionHandle, Task<T>> operation,
        CancellationToken cancellationToken,
        string kind = "read") =>
        TranslateAsync(async () =>
        {
            using var timing = metrics?.Time("mongodb", kind);
            using var session = Begin();
            try
            {
                return await operation(session);
            }
            finally
            {
                Remember(session.OperationTime);
            }
        });

    /// <summary>Runs a command as it is, e.g. one that creates indexes.</summary>
    public Task<BsonDocument> CommandAsync(BsonDocument command, CancellationToken cancellationToken) => RunAsync(
        session => Connected().RunCommandAsync<BsonDocument>(session, command, cancellationToken: cancellationToken),
        cancellationToken);

    /// <summary>
    /// The documents that match, in any order where <paramref name="sort"/> is null, as many at a time as a reply
    /// brings.
    /// </summary>
    /// <param name="batch">So many in a reply at most; null: as many as have room in it, but for the first.</param>
    public async IAsyncEnumerable<IReadOnlyCollection<T>> PagesAsync<T>(
        string collection,
        BsonDocument filter,
        IBsonSerializer<T> serializer,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        BsonDocument? projection = null,
        BsonDocument? sort = null,
        int? limit = null,
        int? batch = null,
        int? skip = null)
    {
        // A first reply would hold a hundred documents, and need a second one, where it is not told how many are
        // wanted.
        var options = new FindOptions<BsonDocument, T>
        {
            BatchSize = limit ?? batch,
            Limit = limit,
            Skip = skip,
            Sort = sort,
        };
        options.Projection = projection is null
            ? new ClientSideDeserializationProjectionDefinition<BsonDocument, T>(serializer)
            : new BsonDocumentProjectionDefinition<BsonDocument, T>(projection, serializer);
        using var session = await TranslateAsync(() => Task.FromResult(Begin()));
        using var cursor = await ReadAsync(
            () => Collection(collection).FindAsync(session, filter, options, cancellationToken));
        while (await ReadAsync(() => cursor.MoveNextAsync(cancellationToken)))
            yield return (IReadOnlyCollection<T>)cursor.Current;
    }

    /// <summary>The documents that match, in any order where <paramref name="sort"/> is null.</summary>
    public async Task<List<T>> FindAsync<T>(
        string collection,
        BsonDocument filter,
        Func<BsonDocument, T> read,
        CancellationToken cancellationToken,
        BsonDocument? projection = null,
        BsonDocument? sort = null,
        int? limit = null,
        int? skip = null)
    {
        var found = new List<T>();
        await foreach (var page in PagesAsync(
            collection,
            filter,
            BsonDocumentSerializer.Instance,
            cancellationToken,
            projection,
            sort,
            limit,
            MongoFilter.PageSize + 1,
            skip))
            found.AddRange(page.Select(read));
        return found;
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Connects when it is first used: a name behind which hosts are looked up may not answer yet.</summary>
    private IMongoDatabase Connected()
    {
        lock (_connecting)
            _client ??= address.Connect(observe);
        return _client.GetDatabase(address.Database, Majority);
    }

    private async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        using var timing = metrics?.Time("mongodb", "read");
        return await TranslateAsync(read);
    }

    private IClientSessionHandle Begin()
    {
        var session = Connected().Client.StartSession(Causal);
        if (Volatile.Read(ref _lastWrite) is { } last)
            session.AdvanceOperationTime(last);
        return session;
    }

    private async Task<T> TranslateAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception)
            when (MongoErrors.Translate(exception, Description, IsProven, _client?.Cluster.Description)
                is { } translated)
        {
            throw translated;
        }
    }

    private void Remember(BsonTimestamp? time)
    {
        for (var last = Volatile.Read(ref _lastWrite); time is not null && (last is null || time.CompareTo(last) > 0);)
        {
            var found = Interlocked.CompareExchange(ref _lastWrite, time, last);
            if (ReferenceEquals(found, last))
                return;
            last = found;
        }
    }
}
