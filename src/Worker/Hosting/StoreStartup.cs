using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Front;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Hosting;

/// <summary>Makes the store ready for a worker, and keeps a second one off what only one may use.</summary>
internal static partial class StoreStartup
{
    /// <summary>
    /// Holds the store until what is returned is disposed. Throws <see cref="StoreUnusableException"/> when another
    /// worker holds a store that is for one, and what <see cref="IStore.PrepareAsync"/> throws, except that a server
    /// which does not answer is waited for, without end.
    /// </summary>
    public static async Task<IDisposable> HoldStoreAsync(
        this IServiceProvider services, CancellationToken cancellationToken)
    {
        var held = new StoreHolds();
        try
        {
            foreach (var store in services.GetServices<IStore>())
            {
                held.Add(store.Hold());
                if (store.IsShared)
                    await WaitForAsync(store, services, cancellationToken);
                else
                    await store.PrepareAsync(cancellationToken);
            }

            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// For a front beside any number of workers: the file is made ready, where there is one; a server is by
    /// <see cref="StorePreparation"/>. Throws <see cref="StoreUnusableException"/> and
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public static async Task PrepareFileAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        foreach (var store in services.GetServices<IStore>().Where(store => !store.IsShared))
            await store.PrepareAsync(cancellationToken);
    }

    private static async Task WaitForAsync(IStore store, IServiceProvider services, CancellationToken cancellationToken)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(StoreStartup).FullName!);
        IAsyncDisposable? front = null;
        var waits = false;
        try
        {
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
                        front = await OpenFrontAsync(services, token);
                        throw;
                    }
                },
                cancellationToken);
        }
        finally
        {
            if (front is not null)
                await front.DisposeAsync();
        }

        if (waits)
            StoreAnswered(logger, store.Description);
    }

    /// <summary>Null where there will be no front.</summary>
    private static async Task<IAsyncDisposable?> OpenFrontAsync(
        IServiceProvider services, CancellationToken cancellationToken) =>
        FrontAddress.IsIn(services)
            ? await WaitingFront.OpenAsync(
                services.GetRequiredService<IOptions<FrontOptions>>().Value, cancellationToken)
            : null;

    [LoggerMessage(LogLevel.Warning, "Waiting for the store, and trying until it answers: {Reason}")]
    private static partial void StoreAwaited(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The store answered: {Store}")]
    private static partial void StoreAnswered(ILogger logger, string store);
}
