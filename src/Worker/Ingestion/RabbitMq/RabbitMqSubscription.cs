using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// One consumer on <c>worker.ingest</c>: its callback only copies the body and holds the message. Chunks are taken, dealt with
/// and acknowledged in order, so that one cumulative acknowledgement covers what is done and nothing else.
/// </summary>
internal sealed class RabbitMqSubscription : IAsyncBasicConsumer
{
    private readonly Channel<HeldMessage> _held;
    private readonly ChunkGatherer _gatherer;
    private readonly IngestionAccount _account;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _consumerTag;
    private long _received, _settled;
    private volatile string? _lost;

    private RabbitMqSubscription(IChannel channel, ushort prefetch, IngestionOptions options, IngestionAccount account, TimeProvider time)
    {
        // The broker holds back at the prefetch, so that the callback never waits for room.
        _held = System.Threading.Channels.Channel.CreateBounded<HeldMessage>(new BoundedChannelOptions(prefetch) { SingleReader = true, SingleWriter = true });
        _gatherer = new(_held.Reader, new(options.ChunkSize, ChunkRules.DefaultBytes), options.ChunkTime, time);
        (Channel, _account, _time) = (channel, account, time);
    }

    public IChannel Channel { get; }

    IChannel? IAsyncBasicConsumer.Channel => Channel;

    public static async Task<RabbitMqSubscription> StartAsync(
        IChannel channel, ushort prefetch, IngestionOptions options, IngestionAccount account, TimeProvider time, CancellationToken cancellationToken)
    {
        var subscription = new RabbitMqSubscription(channel, prefetch, options, account, time);
        await channel.BasicQosAsync(0, prefetch, global: false, cancellationToken);
        subscription._consumerTag = await channel.BasicConsumeAsync(RabbitMqTopology.IngestQueue, autoAck: false, subscription, cancellationToken);
        return subscription;
    }

    /// <summary>
    /// The next chunk; null when the subscription was cancelled and all that it held is taken. Throws
    /// <see cref="ServerUnreachableException"/> when the channel is gone: what is still held can no longer be acknowledged.
    /// </summary>
    public async Task<HeldChunk?> GatherAsync(CancellationToken cancellationToken)
    {
        var chunk = await _gatherer.GatherAsync(cancellationToken);
        return _lost is { } reason ? throw new ServerUnreachableException($"RabbitMQ ended the connection: {reason}.") : chunk;
    }

    /// <summary>Acknowledges everything up to the end of the chunk, which is the oldest that is held.</summary>
    public async Task AcknowledgeAsync(HeldChunk chunk)
    {
        _settled += chunk.Messages.Count;
        await Channel.BasicAckAsync(chunk.LastTag, multiple: true, CancellationToken.None);
    }

    /// <summary>Asks for no more. What is held already can still be gathered.</summary>
    public async Task CancelAsync()
    {
        if (!_ended.Task.IsCompleted)
            await Channel.BasicCancelAsync(_consumerTag!, noWait: false, CancellationToken.None);
        await _ended.Task;
    }

    /// <summary>Ends the subscription and gives back, once, what is still held.</summary>
    public async Task ReturnAsync()
    {
        try
        {
            await CancelAsync();
            if (Interlocked.Read(ref _received) > _settled && Channel.IsOpen)
                await Channel.BasicNackAsync(0, multiple: true, requeue: true, CancellationToken.None);
        }
        catch (Exception exception) when (BrokerFaults.Are(exception))
        {
            // With the channel gone the broker has everything back already.
        }

        await End("the subscription was closed");
        _account.Returned((int)(Interlocked.Read(ref _received) - _settled));
    }

    public Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        var message = Deliveries.Read(properties, routingKey, body.ToArray(), deliveryTag, _time.GetUtcNow());
        if (_held.Writer.TryWrite(new(message, _time.GetTimestamp())))
        {
            Interlocked.Increment(ref _received);
            _account.Received();
        }

        return Task.CompletedTask;
    }

    public Task HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken = default) => Task.CompletedTask;

    // Comes after every delivery there was.
    public Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default) => End();

    public Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        End("the broker cancelled the consumer, as it does when the queue is deleted");

    public Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => End(reason.ReplyText);

    private Task End(string? lost = null)
    {
        _lost ??= lost;
        _held.Writer.TryComplete();
        _ended.TrySetResult();
        return Task.CompletedTask;
    }
}
