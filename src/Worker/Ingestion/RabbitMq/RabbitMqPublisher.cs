using System.Text;
using RabbitMQ.Client;
using Worker.DeadLetters;
using Worker.Errors;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.Ingestion.RabbitMq;

/// <summary>Publishes a producer's messages to the exchange <c>logs</c>, in order, each confirmed and routed.</summary>
internal sealed class RabbitMqPublisher : IAsyncDisposable
{
    private const int InFlight = 256;

    private readonly ConfirmedChannel _channel;

    private RabbitMqPublisher(ConfirmedChannel channel) => _channel = channel;

    /// <summary>Throws <see cref="ServerUnreachableException"/> or <see cref="Errors.ConfigurationException"/>.</summary>
    public static async Task<RabbitMqPublisher> ConnectAsync(RabbitMqEndpoint endpoint, TimeProvider time, CancellationToken cancellationToken) =>
        new(await ConfirmedChannel.OpenAsync(endpoint, "worker publish", time, cancellationToken));

    /// <summary>
    /// Publishes them all, a bounded number at a time. <paramref name="settled"/> hears of each, in order: null when the broker
    /// has it, else a sentence. Throws <see cref="ServerUnreachableException"/> when the broker goes: each message not heard
    /// of by then may or may not have arrived, and is free to be sent again.
    /// </summary>
    public async Task PublishAsync(
        IAsyncEnumerable<InboxMessage> messages, Action<InboxMessage, string?> settled, CancellationToken cancellationToken)
    {
        var inFlight = new Queue<(InboxMessage Message, Task Confirmed)>(InFlight);
        try
        {
            await foreach (var message in messages.WithCancellation(cancellationToken))
            {
                if (inFlight.Count == InFlight)
                    await SettleAsync();
                inFlight.Enqueue((message, PublishAsync(message, cancellationToken)));
            }

            while (inFlight.Count > 0)
                await SettleAsync();
        }
        finally
        {
            // What is left when one throws would otherwise fail unobserved.
            await Task.WhenAll(inFlight.Select(pending => pending.Confirmed)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task SettleAsync()
        {
            var (message, confirmed) = inFlight.Dequeue();
            try
            {
                await confirmed;
                settled(message, null);
            }
            catch (MessageRejectedException rejected)
            {
                settled(message, rejected.Message);
            }
        }
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private async Task PublishAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties();
        if (message.Type is { } type)
            properties.Type = Short("type", type);
        if (message.MessageId is { } id)
            properties.MessageId = Short("message_id", id);
        if (message.ContentType is { } contentType)
            properties.ContentType = Short("content_type", contentType);
        await _channel.PublishAsync(RabbitMqTopology.LogsExchange, message.Type ?? "", properties, message.Body, cancellationToken);
    }

    private static string Short(string name, string value) =>
        Encoding.UTF8.GetByteCount(value) <= BoundedText.Bytes
            ? value
            : throw new MessageRejectedException($"{name} has more than {BoundedText.Bytes} UTF-8 bytes; shorten it.");
}
