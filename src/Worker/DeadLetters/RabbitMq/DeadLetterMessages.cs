using System.Collections.Immutable;
using System.Security.Cryptography;
using RabbitMQ.Client;
using Worker.RabbitMq;
using Worker.Storage;
using Worker.Traces;

namespace Worker.DeadLetters.RabbitMq;

/// <summary>A dead letter as a message in <c>worker.dead</c>, and back.</summary>
internal static class DeadLetterMessages
{
    private const string Poison = "poison";

    /// <summary>The last second of the year 9999.</summary>
    private const long LatestUnixTime = 253_402_300_799;

    public static BasicProperties Write(DeadLetter letter)
    {
        var headers = new Dictionary<string, object?>
        {
            ["dead_letter_id"] = letter.DeadLetterId,
            ["reason"] = letter.Reason,
            ["detail"] = letter.Detail,
            [AmqpHeaders.FirstReceived] = Timestamps.Format(Timestamps.ToMicroseconds(letter.FirstReceived)),
        };
        if (LetterAttempts.Write(letter.Attempts) is { } attempts)
            headers[AmqpHeaders.Attempts] = attempts;
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

        return Properties(letter, BoundedText.Cut(letter.MessageId), headers);
    }

    /// <summary>
    /// What is published when the letter is redriven: the message it was, with its first receipt and how often it was
    /// refused.
    /// </summary>
    public static BasicProperties WriteRedriven(DeadLetter letter) => Properties(
        letter,
        letter.MessageId == letter.BodyHash ? null : BoundedText.Cut(letter.MessageId),
        new()
        {
            [AmqpHeaders.FirstReceived] = Timestamps.Format(Timestamps.ToMicroseconds(letter.FirstReceived)),
            [AmqpHeaders.Attempts] = LetterAttempts.Write(letter.History),
        });

    /// <summary>A letter that says no reason was set aside by the broker itself, and reads as poison.</summary>
    public static DeadLetter Read(BasicGetResult message, DateTimeOffset now) =>
        Read(message.BasicProperties, message.RoutingKey, message.Body.ToArray(), now);

    /// <summary>
    /// The withheld letter that was put back to where messages come in, as the management page's Move button does: it
    /// has no body to be read, and stays what it was. Null when these are no such letter's properties.
    /// </summary>
    public static DeadLetter? ReadMoved(IReadOnlyBasicProperties properties, string routingKey, DateTimeOffset now) =>
        IsWithheld(properties.Headers)
        && RefusalReasons.Find(AmqpHeaders.Text(properties.Headers, "reason")) is not null
            ? Read(properties, routingKey, [], now)
            : null;

    private static DeadLetter Read(
        IReadOnlyBasicProperties properties, string routingKey, byte[] body, DateTimeOffset now)
    {
        var headers = properties.Headers;
        var withheld = IsWithheld(headers);
        var hash = (withheld ? Bounded(headers, "body_hash") : null) ?? Convert.ToHexStringLower(SHA256.HashData(body));
        var kind = properties.Type ?? AmqpHeaders.DeathRoutingKey(headers)
            ?? (routingKey.Length > 0 ? routingKey : null);
        var reason = Bounded(headers, "reason") ?? Poison;
        var detail = Bounded(headers, "detail") ?? BrokersDetail(headers);
        return new()
        {
            DeadLetterId = Bounded(headers, "dead_letter_id") ?? DerivedIds.DeadLetter(kind, hash, reason),
            Kind = kind,
            MessageId = properties.MessageId ?? hash,
            LogId = Bounded(headers, "log_id"),
            Reason = reason,
            Field = Bounded(headers, "field"),
            Detail = detail,
            FirstReceived = FirstReceived(headers) ?? now,
            Body = withheld ? (ReadOnlyMemory<byte>?)null : body,
            BodyLength = withheld
                ? (int)Math.Clamp(AmqpHeaders.Number(headers, "body_length") ?? 0, 0, int.MaxValue)
                : body.Length,
            BodyHash = hash,
            Withheld = withheld,
            ContentType = properties.ContentType,
            ContentEncoding = properties.ContentEncoding,
            Attempts = Attempts(headers, detail, now),
        };
    }

    /// <summary>What the broker itself set aside after it had been put back was refused once more.</summary>
    private static ImmutableArray<LetterAttempt> Attempts(
        IDictionary<string, object?>? headers, string detail, DateTimeOffset now)
    {
        var attempts = LetterAttempts.Read(AmqpHeaders.Text(headers, AmqpHeaders.Attempts));
        return attempts.IsEmpty || AmqpHeaders.Text(headers, "reason") is not null
            ? attempts
            : attempts.With(DeathTime(headers) ?? now, Poison, detail);
    }

    private static bool IsWithheld(IDictionary<string, object?>? headers) =>
        headers?.TryGetValue("withheld", out var value) == true && value is true;

    /// <summary>Cut, whoever wrote the header, because the letter is published with it again.</summary>
    private static string? Bounded(IDictionary<string, object?>? headers, string name) =>
        AmqpHeaders.Text(headers, name) is { } text ? BoundedText.Cut(text) : null;

    private static BasicProperties Properties(DeadLetter letter, string? messageId, Dictionary<string, object?> headers)
    {
        var properties = new BasicProperties { Persistent = true, Headers = headers };
        if (letter.Kind is { } kind)
            properties.Type = BoundedText.Cut(kind);
        if (messageId is not null)
            properties.MessageId = messageId;
        if (letter.ContentType is { } contentType)
            properties.ContentType = BoundedText.Cut(contentType);
        if (letter.ContentEncoding is { } contentEncoding)
            properties.ContentEncoding = BoundedText.Cut(contentEncoding);
        return properties;
    }

    private static string BrokersDetail(IDictionary<string, object?>? headers) =>
        AmqpHeaders.Death(headers) is { } death
            ? $"RabbitMQ itself set it aside from {AmqpHeaders.Text(death, "queue")} " +
                $"({AmqpHeaders.Text(death, "reason")}); look at what the worker logged then."
            : "It was put here without a reason; look at its body.";

    private static DateTimeOffset? FirstReceived(IDictionary<string, object?>? headers)
    {
        if (Timestamps.Parse(AmqpHeaders.Text(headers, AmqpHeaders.FirstReceived)) is { } first)
            return Timestamps.ToInstant(first);
        return DeathTime(headers);
    }

    private static DateTimeOffset? DeathTime(IDictionary<string, object?>? headers) =>
        AmqpHeaders.Death(headers)?.TryGetValue("time", out var time) == true
            && time is AmqpTimestamp { UnixTime: >= 0 and <= LatestUnixTime and var seconds }
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
