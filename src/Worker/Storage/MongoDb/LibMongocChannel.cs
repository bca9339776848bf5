using System.Collections.Concurrent;

namespace Worker.Storage.MongoDb;

/// <summary>
/// MongoDB's C driver. Its calls block, so it has threads of its own, as many as calls may be under way at once; further calls
/// wait for one, which is not the thread pool's. Connections are the driver's own pool.
/// </summary>
internal sealed class LibMongocChannel : IMongoChannel
{
    private const int Threads = 16;

    /// <summary>How long calls under way may take when the channel is closed; then they are left to the end of the process.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _free = new(Threads);
    private readonly BlockingCollection<MongocCall> _calls = [];
    private readonly Lock _opening = new();
    private readonly Task _threads;
    private MongocPool? _pool;

    public LibMongocChannel(string connectionString, TimeProvider time)
    {
        (_connectionString, _time) = (connectionString, time);
        _threads = Task.WhenAll(Enumerable.Range(0, Threads).Select(_ =>
            Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    public async Task<ReadOnlyMemory<byte>> RunAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        var call = new MongocCall(database, command);
        try
        {
            _calls.Add(call, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            _free.Release();
            throw new ObjectDisposedException(nameof(LibMongocChannel));
        }

        return await call.Reply.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _calls.CompleteAdding();
        try
        {
            await _threads.WaitAsync(Patience, _time);
        }
        catch (TimeoutException)
        {
            return;
        }

        _pool?.Dispose();
        _calls.Dispose();
        _free.Dispose();
    }

    private void Work()
    {
        using var memory = new MongocMemory();
        foreach (var call in _calls.GetConsumingEnumerable())
        {
            call.Run(memory, Pool);
            _free.Release();
        }
    }

    /// <summary>Opened by the first call that succeeds in it: to find the hosts behind a mongodb+srv name takes a network.</summary>
    private MongocPool Pool()
    {
        lock (_opening)
            return _pool ??= Open();
    }

    private MongocPool Open()
    {
        try
        {
            LibMongoc.Initialize();
        }
        catch (DllNotFoundException exception)
        {
            throw new MongoException(MongoFault.MissingDriver, 0, exception.Message, innerException: exception);
        }

        // The driver's own words may repeat the password, so they are not passed on.
        using var uri = LibMongoc.mongoc_uri_new_with_error(_connectionString, out _);
        if (uri.IsInvalid)
            throw new MongoException(MongoFault.ConnectionString, 0, "The driver does not read the connection string.");

        MongocOptions.Complete(uri);
        var pool = LibMongoc.mongoc_client_pool_new_with_error(uri, out var error);
        if (pool.IsInvalid)
            throw MongocFaults.Of(error);
        LibMongoc.mongoc_client_pool_set_error_api(pool, LibMongoc.ErrorApi);
        return pool;
    }
}
