using RabbitMQ.Client;
using Worker.RabbitMq;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// The queue <c>worker.ingest</c> as a source, over one channel: consumers on it, one after the other, each with the
/// prefetch that the sizes seen allow.
/// </summary>
internal sealed class RabbitMqChunkSource(
    IChannel channel,
    IngestionOptions options,
    InFlightLimit prefetch,
    IngestionMetrics account,
    ReceiptClock receipts,
    TimeProvider time)
    : IChunkSource
{
    private readonly Acknowledgements _acknowledgements = new(channel);
    private readonly Lock _counting = new();
    private RabbitMqSubscription? _subscription;
    private long _lastTag;
    private int _held;
    private bool _isReturned;

    public async Task<HeldChunk> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _subscription ??= await SubscribeAsync();
            if (await _subscription.GatherAsync(cancellationToken) is { } chunk)
            {
                // What this consumer holds is still gathered; then comes one with another prefetch.
                if (prefetch.Observe(chunk.Messages.Count, BorrowedBodies.MemoryOf(chunk.Messages)))
                    await _subscription.CancelAsync();
                return chunk;
            }

            _subscription = null;
        }
    }

    public async Task SettleAsync(IReadOnlyList<InboundMessage> messages)
    {
        // Dealt with, whether or not the broker hears of it.
        Interlocked.Add(ref _held, -messages.Count);
        await _acknowledgements.AcknowledgeAsync(messages);
        BorrowedBodies.Return(messages);
    }

    public async Task<int> ReturnAsync()
    {
        var subscription = _subscription;
        _subscription = null;
        try
        {
            if (subscription is not null)
                await subscription.CancelAsync();
            if (Volatile.Read(ref _held) > 0 && channel.IsOpen)
                await channel.BasicNackAsync(0, multiple: true, requeue: true, CancellationToken.None);
        }
        catch (Exception exception) when (exception.IsBrokerFault())
        {
            // With the channel gone the broker has everything back already.
        }

        lock (_counting)
        {
            _isReturned = true;
            _acknowledgements.ReturnedUpTo((ulong)_lastTag);
            return Interlocked.Exchange(ref _held, 0);
        }
    }

    private Task<RabbitMqSubscription> SubscribeAsync()
    {
        lock (_counting)
            _isReturned = false;
        return RabbitMqSubscription.StartAsync(
            channel, (ushort)prefetch.Current, options, Delivered, receipts, time);
    }

    /// <summary>
    /// The client still hands over what it had read from a connection that is gone by then: the broker has it back, and
    /// it was never received.
    /// </summary>
    private void Delivered(ulong tag)
    {
        lock (_counting)
        {
            if (_isReturned)
                return;
            _lastTag = (long)tag;
            Interlocked.Increment(ref _held);
            account.Received();
        }
    }
}
