using Microsoft.Extensions.Options;
using Worker.Storage;
using Worker.Storage.Sqlite;

namespace Worker.Hosting;

/// <summary>Makes the store ready for a worker, and keeps a second one off it where it is a file.</summary>
internal static class StoreHold
{
    /// <summary>
    /// Holds <c>worker.lock</c> until disposed. Throws <see cref="StoreUnusableException"/> when another worker holds it, and
    /// what <see cref="IStore.PrepareAsync"/> throws.
    /// </summary>
    public static async Task<IDisposable> HoldStoreAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        var hold = WorkerLock.Take(services.GetRequiredService<IOptions<StorageOptions>>().Value.Path);
        try
        {
            await services.GetRequiredService<IStore>().PrepareAsync(cancellationToken);
            return hold;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }
}
