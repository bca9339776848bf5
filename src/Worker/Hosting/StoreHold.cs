using Microsoft.Extensions.Options;
using Worker.Ingestion;
using Worker.Storage;
using Worker.Storage.MongoDb;
using Worker.Storage.Sqlite;

namespace Worker.Hosting;

/// <summary>Makes the store ready for a worker: keeps a second one off it where it is a file, waits for it where it is a server.</summary>
internal static partial class StoreHold
{
    /// <summary>
    /// Holds <c>worker.lock</c> until disposed, where the store is a file. Throws <see cref="StoreUnusableException"/> when another
    /// worker holds it, and what <see cref="IStore.PrepareAsync"/> throws; but a server is waited for, for ever.
    /// </summary>
    public static async Task<IDisposable?> HoldStoreAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IStore>();
        if (services.GetService<MongoDatabase>() is not null)
        {
            await WaitForAsync(store, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(StoreHold).FullName!), cancellationToken);
            return null;
        }

        var hold = WorkerLock.Take(services.GetRequiredService<IOptions<StorageOptions>>().Value.Path);
        try
        {
            await store.PrepareAsync(cancellationToken);
            return hold;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private static async Task WaitForAsync(IStore store, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var waits = false;
        await Backoff.Forever(time, exception => exception is StoreUnavailableException).ExecuteAsync(
            async token =>
            {
                try
                {
                    await store.PrepareAsync(token);
                }
                catch (StoreUnavailableException exception) when (!waits)
                {
                    waits = true;
                    StoreAwaited(logger, exception.Message);
                    throw;
                }
            },
            cancellationToken);
        if (waits)
            StoreAnswered(logger, store.Description);
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for the store, and trying until it answers: {Reason}")]
    private static partial void StoreAwaited(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The store answers: {Store}")]
    private static partial void StoreAnswered(ILogger logger, string store);
}
