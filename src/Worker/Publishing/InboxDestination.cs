using Worker.Storage;

namespace Worker.Publishing;

/// <summary>
/// Publishes into the local inbox, a chunk per transaction, so that a worker beside it is never kept waiting for long.
/// </summary>
internal sealed class InboxDestination(IInbox inbox, InboxSignal signal, StoreResilience resilience)
    : IMessageDestination
{
    private const int ChunkSize = 500;

    public string Name => "the inbox in " + inbox.Description;

    /// <summary>Makes the file where there is none.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => inbox.AppendAsync([], cancellationToken);

    public async Task<IReadOnlyList<(int Index, string Why)>> SendAsync(
        IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var chunk in messages.Chunk(ChunkSize))
            await resilience.ExecuteAsync(async token => await inbox.AppendAsync(chunk, token), cancellationToken);
        signal.Set();
        return [];
    }
}
