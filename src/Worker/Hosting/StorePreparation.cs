using Worker.Errors;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Hosting;

/// <summary>
/// For a front without a worker: makes a server's store ready as soon as it answers, while the front takes messages
/// already. What is not for this version, or may not be led on to it, ends the program with its sentence.
/// </summary>
internal sealed class StorePreparation(IEnumerable<IStore> stores, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var store in stores.Where(store => store.IsShared))
        {
            await Backoff.Forever(time, exception => exception is StoreUnavailableException).ExecuteAsync(
                async token => await store.PrepareAsync(token), stoppingToken);
        }
    }
}
