using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RabbitMQ.Client;
using Worker.Ingestion;
using Worker.Ingestion.RabbitMq;

namespace Worker.Testing.Fuzz;

/// <summary>One message that nobody should have sent, as the broker's client gives it.</summary>
/// <param name="Redelivered">By the broker's word: then what the headers count is believed.</param>
/// <param name="Lengthen">It did not come over AMQP, which bounds them: type and ids are of any length.</param>
internal sealed record HostileDelivery(
    BasicProperties Properties, string RoutingKey, HostileBytes Body, bool Redelivered, bool Lengthen)
{
    private const int Huge = 70_000;

    public static Gen<HostileDelivery> Of(HostileIds ids) =>
        from properties in HostileProperties.Of(ids)
        from routingKey in HostileProperties.RoutingKey()
        from body in HostileBytes.Of(ids)
        from redelivered in Gen.Elements(false, true)
        from lengthen in Gen.Frequency((30, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new HostileDelivery(properties, routingKey, body, redelivered, lengthen);

    /// <summary>As the worker's own source reads it.</summary>
    public InboundMessage Read(DateTimeOffset now)
    {
        if (Body.Encoding is { } encoding)
            Properties.ContentEncoding = encoding;
        var read = DeliveryReader.Read(Properties, RoutingKey, Body.Delivered, 1, Redelivered, now);
        return Lengthen ? read with { Type = read.Type?.PadRight(Huge), MessageId = read.MessageId?.PadRight(Huge, 'm'), RoutingKey = RoutingKey.PadRight(Huge, 'k') } : read;
    }

    /// <summary>For whoever has to find out what was wrong with it.</summary>
    public override string ToString()
    {
        var headers = Properties.Headers?.Select(header => $"{header.Key}={Describe(header.Value)}") ?? [];
        var text = Encoding.UTF8.GetString(Body.Plain ?? Body.Delivered);
        return $"type={Properties.Type} message_id={Properties.MessageId} content_type={Properties.ContentType} content_encoding={Body.Encoding} "
            + $"routing_key={RoutingKey} headers=[{string.Join(", ", headers)}] body={Convert.ToBase64String(Body.Delivered[..Math.Min(Body.Delivered.Length, 4000)])}"
            + $"\n{text[..Math.Min(text.Length, 4000)]}";
    }

    private static string Describe(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 40)]),
        IEnumerable<KeyValuePair<string, object?>> table => "{" + string.Join(", ", table.Select(entry => $"{entry.Key}={Describe(entry.Value)}")) + "}",
        System.Collections.IEnumerable list and not string => "[" + string.Join(", ", list.Cast<object?>().Select(Describe)) + "]",
        _ => $"{value.GetType().Name} {value}",
    };
}
