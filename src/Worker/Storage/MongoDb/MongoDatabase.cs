using System.Runtime.CompilerServices;
using Polly;
using Polly.Retry;
using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>
/// The worker's database: finds and writes as commands over a channel, and what their replies mean. Writes are acknowledged by a
/// majority. Finds see every write that was acknowledged to this process before they began: where the server keeps a clock (a
/// replica set or a sharded cluster), they ask for a majority's state after the last write's time. Drivers repeat no raw command,
/// so a command that met a passing fault is repeated once here; every one that is sent bears it. Throws
/// <see cref="StoreUnavailableException"/> and <see cref="StoreUnusableException"/>.
/// </summary>
internal sealed class MongoDatabase : IAsyncDisposable
{
    /// <summary>Documents of one reply at most, where they have room in it: a server's own first page is of 101, and its later ones are as large as a reply may be.</summary>
    private const int Page = 1_000;

    /// <summary>Documents of a find that is to be answered by one reply; one more, so that a server which has found a page knows that it is all.</summary>
    private const int WholePage = Page + 1;

    private readonly IMongoChannel _channel;
    private readonly MongoAddress _address;
    private readonly ResiliencePipeline _once;
    private ulong _lastWrite;

    public MongoDatabase(IMongoChannel channel, MongoAddress address, TimeProvider time)
    {
        (_channel, _address, Time) = (channel, address, time);

        // A refusal of credentials, too: the driver says the same when the connection breaks during the login.
        _once = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<MongoException>(error =>
                    error.Fault is MongoFault.Credentials || (error.IsTransient && error.Fault is not MongoFault.NoServer)),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(100),
                UseJitter = true,
            })
            .Build();
    }

    public string Description => _address.Description;

    public TimeProvider Time { get; }

    /// <summary>The store was made ready once: what is refused from now on may be taken again later.</summary>
    public bool IsProven { private get; set; }

    /// <summary>The documents that match, in any order where <paramref name="sort"/> is null.</summary>
    public async IAsyncEnumerable<BsonView> FindAsync(
        string collection,
        BsonDocument filter,
        BsonDocument? projection = null,
        BsonDocument? sort = null,
        int? limit = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var find = new BsonDocument { { "find", collection }, { "filter", filter }, { "projection", projection }, { "sort", sort }, { "limit", limit }, { "batchSize", Page }, { "readConcern", ReadConcern() } };
        var reply = await RunAsync(find, cancellationToken);
        while (true)
        {
            var cursor = reply["cursor"].AsView();
            var batch = cursor.Find("firstBatch"u8) ?? cursor["nextBatch"];
            foreach (var document in batch.AsView())
                yield return document.AsView();
            if (cursor["id"].AsInt64() is not (not 0 and var id))
                yield break;

            // Never repeated: the cursor may have gone on although its reply was lost.
            var getMore = new BsonDocument { { "getMore", id }, { "collection", collection }, { "batchSize", Page } };
            reply = await SayAsync(() => SendAsync(getMore, cancellationToken));
        }
    }

    /// <inheritdoc cref="FindAsync"/>
    public async Task<List<T>> FindAsync<T>(
        string collection,
        BsonDocument filter,
        Func<BsonView, T> read,
        CancellationToken cancellationToken,
        BsonDocument? projection = null,
        BsonDocument? sort = null,
        int? limit = null)
    {
        var found = new List<T>();
        await foreach (var document in FindAsync(collection, filter, projection, sort, limit, cancellationToken))
            found.Add(read(document));
        return found;
    }

    /// <summary>The documents that match, which fit into one reply; throws <see cref="MongoReplyException"/> when they do not.</summary>
    public async Task<List<T>> FindFewAsync<T>(string collection, BsonDocument filter, Func<BsonView, T> read, CancellationToken cancellationToken)
    {
        var find = new BsonDocument { { "find", collection }, { "filter", filter }, { "batchSize", WholePage }, { "readConcern", ReadConcern() } };
        var cursor = (await RunAsync(find, cancellationToken))["cursor"].AsView();
        if (cursor["id"].AsInt64() is not 0 and var id)
        {
            await RunAsync(new() { { "killCursors", collection }, { "cursors", new BsonArray { id } } }, cancellationToken);
            throw new MongoReplyException();
        }

        return [.. cursor["firstBatch"].AsView().Items().Select(document => read(document.AsView()))];
    }

    /// <summary>Runs a command that writes, with the concern of a majority, and remembers its time.</summary>
    public async Task<BsonView> WriteAsync(BsonDocument command, CancellationToken cancellationToken)
    {
        command.Add("writeConcern", new BsonDocument { { "w", "majority" }, { "wtimeout", 20_000 } });
        var reply = await RunAsync(command, cancellationToken);
        if (reply.Find("operationTime"u8) is { Type: BsonType.Timestamp } time)
            Remember(time.AsTimestamp());
        return reply;
    }

    /// <summary>Runs a command as it is.</summary>
    public Task<BsonView> RunAsync(BsonDocument command, CancellationToken cancellationToken) => SayAsync(
        async () => await _once.ExecuteAsync(async token => await SendAsync(command, token), cancellationToken));

    /// <summary>What to throw instead.</summary>
    public Exception Translate(MongoException error) => MongoErrors.Translate(error, Description, IsProven);

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private async Task<BsonView> SendAsync(BsonDocument command, CancellationToken cancellationToken) =>
        MongoReplies.Check(await _channel.RunAsync(_address.Database, command.Bytes, cancellationToken));

    private async Task<BsonView> SayAsync(Func<Task<BsonView>> run)
    {
        try
        {
            return await run();
        }
        catch (MongoException error) when (Translate(error) is var translated && translated != error)
        {
            throw translated;
        }
    }

    private BsonDocument? ReadConcern()
    {
        var time = Volatile.Read(ref _lastWrite);
        if (time == 0)
            return null;
        var concern = new BsonDocument { { "level", "majority" } };
        concern.AddTimestamp("afterClusterTime", time);
        return concern;
    }

    private void Remember(ulong time)
    {
        for (var last = Volatile.Read(ref _lastWrite); time > last;)
        {
            var found = Interlocked.CompareExchange(ref _lastWrite, time, last);
            if (found == last)
                return;
            last = found;
        }
    }
}
