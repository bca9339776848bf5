using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Worker.Errors;
using Worker.RabbitMq;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// One consumer on <c>worker.ingest</c>, with one prefetch. Its callback only copies the body and holds the message.
/// </summary>
internal sealed class RabbitMqSubscription : IAsyncBasicConsumer
{
    private readonly Channel<HeldMessage> _held;
    private readonly ChunkGatherer _gatherer;
    private readonly Action<ulong> _delivered;
    private readonly ReceiptClock _receipts;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _consumerTag;
    private volatile string? _lost;

    private RabbitMqSubscription(
        IChannel channel,
        ushort prefetch,
        IngestionOptions options,
        Action<ulong> delivered,
        ReceiptClock receipts,
        TimeProvider time)
    {
        // The broker holds back at the prefetch, so that the callback never waits for room.
        var room = new BoundedChannelOptions(prefetch) { SingleReader = true, SingleWriter = true };
        _held = System.Threading.Channels.Channel.CreateBounded<HeldMessage>(room);
        _gatherer = new(_held.Reader, options.ChunkSize, options.ChunkTime, time);
        Channel = channel;
        _delivered = delivered;
        _receipts = receipts;
        _time = time;
    }

    public IChannel Channel { get; }

    IChannel? IAsyncBasicConsumer.Channel => Channel;

    /// <summary>
    /// Not to be cancelled half way: the broker would deliver to a consumer that nobody knows, and what it held would
    /// stay unsettled for as long as the channel lives. The client's own time-out bounds it.
    /// </summary>
    /// <param name="delivered">Called with the tag of each message that is held, in their order.</param>
    public static async Task<RabbitMqSubscription> StartAsync(
        IChannel channel,
        ushort prefetch,
        IngestionOptions options,
        Action<ulong> delivered,
        ReceiptClock receipts,
        TimeProvider time)
    {
        var subscription = new RabbitMqSubscription(channel, prefetch, options, delivered, receipts, time);
        await channel.BasicQosAsync(0, prefetch, global: false, CancellationToken.None);
        subscription._consumerTag = await channel.BasicConsumeAsync(
            RabbitMqTopology.IngestQueue, autoAck: false, subscription, CancellationToken.None);
        return subscription;
    }

    /// <summary>
    /// The next chunk; null when the subscription was cancelled and all that it held is taken. Throws
    /// <see cref="ServerUnreachableException"/> when the channel is gone: what is still held can no longer be
    /// acknowledged.
    /// </summary>
    public async Task<HeldChunk?> GatherAsync(CancellationToken cancellationToken)
    {
        var chunk = await _gatherer.GatherAsync(cancellationToken);
        return _lost is { } reason
            ? throw new ServerUnreachableException($"RabbitMQ ended the connection: {reason}.")
            : chunk;
    }

    /// <summary>Asks for no more. What is held already can still be gathered.</summary>
    public async Task CancelAsync()
    {
        if (!_ended.Task.IsCompleted)
            await Channel.BasicCancelAsync(_consumerTag!, noWait: false, CancellationToken.None);
        await _ended.Task;
    }

    public Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        var message = DeliveryReader.Read(
            properties, routingKey, BorrowedBodies.Copy(body), deliveryTag, redelivered, _receipts.Next());
        if (_held.Writer.TryWrite(new(message, _time.GetTimestamp())))
            _delivered(deliveryTag);
        return Task.CompletedTask;
    }

    public Task HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

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
