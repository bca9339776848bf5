namespace Worker.Ingestion;

/// <summary>Settles messages with their source and in the account, one call at a time.</summary>
/// <param name="onSettled">Called after each time.</param>
internal sealed class SourceLedger(IChunkSource source, IngestionMetrics account, Action onSettled) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    public async Task SettleAsync(IReadOnlyList<InboundMessage> messages, ChunkResult result)
    {
        await _one.WaitAsync();
        try
        {
            account.Settled(result);
            if (messages.Count > 0)
                await source.SettleAsync(messages);
            onSettled();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
