using Microsoft.Extensions.Options;
using Worker.Storage;

namespace Worker.Ingestion.Inbox;

/// <summary>The inbox as a source: the oldest messages first; what is settled is removed.</summary>
internal sealed class InboxChunkSource : IChunkSource
{
    /// <summary>How soon another process's message is noticed; this process's own are signalled.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly IInbox _inbox;
    private readonly InboxSignal _signal;
    private readonly IngestionMetrics _account;
    private readonly TimeProvider _time;
    private readonly int _chunkSize;
    private readonly InFlightLimit _peek;
    private long _after;
    private int _held;
    private bool _isCounted;

    public InboxChunkSource(
        IInbox inbox,
        InboxSignal signal,
        IngestionMetrics account,
        IOptions<IngestionOptions> options,
        TimeProvider time)
    {
        _inbox = inbox;
        _signal = signal;
        _account = account;
        _time = time;
        _chunkSize = options.Value.ChunkSize;
        _peek = new(_chunkSize, _chunkSize, options.Value.MaxMessageBytes);
    }

    public async Task<HeldChunk> NextAsync(CancellationToken cancellationToken)
    {
        if (!_isCounted)
            await _inbox.CountRedeliveriesAsync(ChunkPipeline.ChunksInHand * _chunkSize, cancellationToken);
        _isCounted = true;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var messages = await _inbox.PeekAsync(_after, _peek.Current, cancellationToken);
            if (messages.Count > 0)
                return Chunk(messages);
            await _signal.WaitAsync(Poll, _time, cancellationToken);
        }
    }

    public async Task SettleAsync(IReadOnlyList<InboundMessage> messages)
    {
        // Dealt with, whether or not the store hears of it now.
        Interlocked.Add(ref _held, -messages.Count);
        await _inbox.RemoveAsync([.. messages.Select(message => message.Tag)], CancellationToken.None);
    }

    /// <summary>Nothing was taken out: the next peek begins with what was not removed.</summary>
    public Task<int> ReturnAsync()
    {
        _after = 0;
        return Task.FromResult(Interlocked.Exchange(ref _held, 0));
    }

    private HeldChunk Chunk(IReadOnlyList<InboxMessage> messages)
    {
        var (builder, now) = (new ChunkBuilder(_chunkSize), _time.GetTimestamp());
        foreach (var message in messages)
        {
            if (!builder.TryAdd(Inbound(message), now))
                break;
            _after = message.Position;
        }

        var chunk = builder.ToChunk();
        _peek.Observe(chunk.Messages.Count, chunk.Bytes);
        _account.Received(chunk.Messages.Count);
        Interlocked.Add(ref _held, chunk.Messages.Count);
        return chunk;
    }

    private static InboundMessage Inbound(InboxMessage message) => new()
    {
        Body = message.Body,
        Type = message.Type,
        MessageId = message.MessageId,
        ContentType = message.ContentType,
        ContentEncoding = message.ContentEncoding,
        ReceivedAt = message.ReceivedAt,
        Attempts = message.Attempts,
        TraceParent = message.TraceParent,
        DeliveryCount = message.Redeliveries,
        Tag = message.Position,
    };
}
