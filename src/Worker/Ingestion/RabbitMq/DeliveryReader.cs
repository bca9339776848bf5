using RabbitMQ.Client;
using Worker.DeadLetters.RabbitMq;
using Worker.RabbitMq;
using Worker.Storage;
using Worker.Telemetry;
using Worker.Traces;

namespace Worker.Ingestion.RabbitMq;

/// <summary>AMQP deliveries as the sources' common shape.</summary>
internal static class DeliveryReader
{
    /// <param name="body">A copy: the client's own buffer is used again.</param>
    /// <param name="redelivered">By the broker's word, which nobody can forge.</param>
    public static InboundMessage Read(
        IReadOnlyBasicProperties properties,
        string routingKey,
        ReadOnlyMemory<byte> body,
        ulong tag,
        bool redelivered,
        DateTimeOffset now)
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
            TraceParent = headers is null ? null : TraceParent(headers),
            ReceivedAt = headers is null ? now : FirstReceived(headers, now),
            Attempts = headers is null ? [] : LetterAttempts.Read(AmqpHeaders.Text(headers, AmqpHeaders.Attempts)),
            DeliveryCount = headers is not null && redelivered ? Returns(headers) : 0,
            Letter = headers is not null && body.Length == 0
                ? DeadLetterMessages.ReadMoved(properties, routingKey, now)
                : null,
            Tag = (long)tag,
        };
    }

    /// <summary>
    /// How often the queue gave the message out before. RabbitMQ counts in <c>x-delivery-count</c>; since 4.3 that
    /// counts only those who went away with it, and <c>x-acquired-count</c> counts polite returns as well. Until there
    /// is a count of the queue's own, a publisher's header of that name comes through: so the first delivery is
    /// believed none.
    /// </summary>
    private static long Returns(IDictionary<string, object?> headers) => Math.Max(
        AmqpHeaders.Number(headers, "x-delivery-count") ?? 0,
        AmqpHeaders.Number(headers, "x-acquired-count") ?? 0);

    private static string? TraceParent(IDictionary<string, object?> headers) =>
        WorkerTelemetry.Activities.HasListeners() ? AmqpHeaders.Text(headers, RemoteSpan.Header) : null;

    private static DateTimeOffset FirstReceived(IDictionary<string, object?> headers, DateTimeOffset now) =>
        Timestamps.Parse(AmqpHeaders.Text(headers, AmqpHeaders.FirstReceived)) is { } first
            ? Timestamps.ToInstant(first)
            : now;
}
