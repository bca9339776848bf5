using RabbitMQ.Client;
using Worker.Traces;

namespace Worker.Ingestion.RabbitMq;

/// <summary>AMQP deliveries as the sources' common shape.</summary>
internal static class Deliveries
{
    public const string FirstReceivedHeader = "first_received";

    /// <param name="body">A copy: the client's own buffer is used again.</param>
    public static InboundMessage Read(IReadOnlyBasicProperties properties, string routingKey, byte[] body, ulong tag, DateTimeOffset now)
    {
        var headers = properties.Headers;
        return new()
        {
            Body = body,
            Type = properties.Type,
            MessageId = properties.MessageId,
            ContentType = properties.ContentType,
            ContentEncoding = properties.ContentEncoding,
            RoutingKey = routingKey,
            MessageTypeHeader = headers is null ? null : AmqpHeaders.Text(headers, "MT-MessageType"),
            DeathRoutingKey = headers is null ? null : AmqpHeaders.DeathRoutingKey(headers),
            ReceivedAt = headers is null ? now : FirstReceived(headers, now),
            DeliveryCount = headers is null ? 0 : AmqpHeaders.Number(headers, "x-delivery-count") ?? 0,
            Tag = (long)tag,
        };
    }

    private static DateTimeOffset FirstReceived(IDictionary<string, object?> headers, DateTimeOffset now) =>
        Timestamps.Parse(AmqpHeaders.Text(headers, FirstReceivedHeader)) is { } first ? Timestamps.ToInstant(first) : now;
}
