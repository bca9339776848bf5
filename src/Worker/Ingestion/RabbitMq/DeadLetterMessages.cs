using System.Security.Cryptography;
using RabbitMQ.Client;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion.RabbitMq;

/// <summary>A dead letter as a message in <c>worker.dead</c>, and back.</summary>
internal static class DeadLetterMessages
{
    private const string Poison = "poison";

    public static BasicProperties Write(DeadLetter letter)
    {
        var headers = new Dictionary<string, object?>
        {
            ["dead_letter_id"] = letter.DeadLetterId,
            ["reason"] = letter.Reason,
            ["detail"] = letter.Detail,
            [Deliveries.FirstReceivedHeader] = Timestamps.Format(Timestamps.ToMicroseconds(letter.FirstReceived)),
        };
        if (letter.LogId is not null)
            headers["log_id"] = letter.LogId;
        if (letter.Field is not null)
            headers["field"] = letter.Field;
        if (letter.Withheld)
        {
            headers["withheld"] = true;
            headers["body_length"] = letter.BodyLength;
            headers["body_hash"] = letter.BodyHash;
        }

        return Properties(letter.Kind, AmqpHeaders.Short(letter.MessageId), letter.ContentType, headers);
    }

    /// <summary>What is published when the letter is redriven: the message it was, with its first receipt.</summary>
    public static BasicProperties WriteRedriven(DeadLetter letter) => Properties(
        letter.Kind,
        letter.MessageId == letter.BodyHash ? null : AmqpHeaders.Short(letter.MessageId),
        letter.ContentType,
        new() { [Deliveries.FirstReceivedHeader] = Timestamps.Format(Timestamps.ToMicroseconds(letter.FirstReceived)) });

    /// <summary>A letter that says no reason was set aside by the broker itself, and reads as poison.</summary>
    public static DeadLetter Read(BasicGetResult message, DateTimeOffset now)
    {
        var (properties, headers) = (message.BasicProperties, message.BasicProperties.Headers);
        var body = message.Body.ToArray();
        var withheld = headers?.TryGetValue("withheld", out var value) == true && value is true;
        var hash = (withheld ? AmqpHeaders.Text(headers, "body_hash") : null) ?? Convert.ToHexStringLower(SHA256.HashData(body));
        var kind = properties.Type ?? AmqpHeaders.DeathRoutingKey(headers) ?? (message.RoutingKey.Length > 0 ? message.RoutingKey : null);
        var reason = AmqpHeaders.Text(headers, "reason") ?? Poison;
        return new()
        {
            DeadLetterId = AmqpHeaders.Text(headers, "dead_letter_id") ?? DerivedIds.DeadLetter(kind, hash, reason),
            Kind = kind,
            MessageId = properties.MessageId ?? hash,
            LogId = AmqpHeaders.Text(headers, "log_id"),
            Reason = reason,
            Field = AmqpHeaders.Text(headers, "field"),
            Detail = AmqpHeaders.Text(headers, "detail") ?? BrokersDetail(headers),
            FirstReceived = FirstReceived(headers) ?? now,
            Body = withheld ? null : body,
            BodyLength = withheld ? (int)(AmqpHeaders.Number(headers, "body_length") ?? 0) : body.Length,
            BodyHash = hash,
            Withheld = withheld,
            ContentType = properties.ContentType,
        };
    }

    private static BasicProperties Properties(string? kind, string? messageId, string? contentType, Dictionary<string, object?> headers)
    {
        var properties = new BasicProperties { Persistent = true, Headers = headers };
        if (kind is not null)
            properties.Type = AmqpHeaders.Short(kind);
        if (messageId is not null)
            properties.MessageId = messageId;
        if (contentType is not null)
            properties.ContentType = AmqpHeaders.Short(contentType);
        return properties;
    }

    private static string BrokersDetail(IDictionary<string, object?>? headers) =>
        AmqpHeaders.Death(headers) is { } death
            ? $"RabbitMQ itself set it aside from {AmqpHeaders.Text(death, "queue")} ({AmqpHeaders.Text(death, "reason")}); look at what the worker logged then."
            : "It was put here without a reason; look at its body.";

    private static DateTimeOffset? FirstReceived(IDictionary<string, object?>? headers)
    {
        if (Timestamps.Parse(AmqpHeaders.Text(headers, Deliveries.FirstReceivedHeader)) is { } first)
            return Timestamps.ToInstant(first);
        return AmqpHeaders.Death(headers)?.TryGetValue("time", out var time) == true && time is AmqpTimestamp at
            ? DateTimeOffset.FromUnixTimeSeconds(at.UnixTime)
            : null;
    }
}
