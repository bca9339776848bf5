using System.Text;
using RabbitMQ.Client;
using Worker.RabbitMq;
using Worker.Storage;
using Worker.Telemetry;

namespace Worker.Publishing;

/// <summary>A message's parts as AMQP has them.</summary>
internal static class RabbitMqProperties
{
    /// <summary>Throws <see cref="MessageRejectedException"/> where AMQP has no room for a part.</summary>
    public static BasicProperties Of(InboxMessage message)
    {
        var properties = new BasicProperties();
        if (message.Type is { } type)
            properties.Type = Short("type", type);
        if (message.MessageId is { } id)
            properties.MessageId = Short("message_id", id);
        if (message.ContentType is { } contentType)
            properties.ContentType = Short("content_type", contentType);
        if ((message.TraceParent ?? RemoteSpan.Here) is { } traceParent)
            properties.Headers = new Dictionary<string, object?> { [RemoteSpan.Header] = traceParent };
        return properties;
    }

    private static string Short(string name, string value) =>
        Encoding.UTF8.GetByteCount(value) <= AmqpHeaders.MaxShortBytes
            ? value
            : throw new MessageRejectedException(
                $"{name} has more than {AmqpHeaders.MaxShortBytes} UTF-8 bytes; shorten it.");
}
