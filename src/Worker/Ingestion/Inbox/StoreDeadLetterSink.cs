using Worker.Storage;

namespace Worker.Ingestion.Inbox;

/// <summary>Dead letters as rows of the store.</summary>
internal sealed class StoreDeadLetterSink(IDeadLetterStore store, StoreResilience resilience) : IDeadLetterSink
{
    public async Task SendAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        await resilience.ExecuteAsync(async token => await store.AddAsync([letter], token), cancellationToken);
}
