using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Reads what was delivered into what it says about one Log, leniently where real clients need it. Pure. One pass over the
/// body; values are slices of it, not copies.
/// </summary>
internal sealed class MessageDecoder(int maxMessageBytes)
{
    /// <summary>What an id may be long, in UTF-8 bytes: an AMQP short string.</summary>
    public const int MaxIdBytes = 255;

    // Reused: it is as large as all else that decoding needs.
    [ThreadStatic]
    private static MessageParts? t_parts;

    private static readonly long ClockTolerance = (long)TimeSpan.FromMinutes(5).TotalMicroseconds;

    public DecodedMessage Decode(InboundMessage inbound)
    {
        var body = JsonBody.Clean(inbound.Body);
        var parts = t_parts ??= new MessageParts();
        parts.Forget();
        var refusal = body is null
            ? new(RefusalReason.MalformedJson, null, "The body is not UTF-8 text; send one JSON object in UTF-8.")
            : parts.Read(body.Value, inbound.ContentType);
        var kind = KindOf(inbound, parts);

        if (inbound.Body.Length > maxMessageBytes)
        {
            refusal = new(
                RefusalReason.TooLarge,
                null,
                $"The body has {inbound.Body.Length} bytes and Ingestion:MaxMessageBytes is {maxMessageBytes}; raise it, or send less.");
        }

        refusal ??= kind is null
            ? new(
                RefusalReason.UnknownType,
                "type",
                $"Neither type, messageType, MT-MessageType nor routing key names a message; accepted are {MessageTypes.Accepted}.")
            : null;
        return refusal is null
            ? Interpret(inbound, kind!.Value, parts)
            : new DecodedMessage(inbound, kind, null, refusal) { Withheld = parts.IsWithheld, LogId = parts.LogIdText };
    }

    private static MessageKind? KindOf(InboundMessage inbound, MessageParts parts) =>
        MessageTypes.Find(inbound.Type)
        ?? MessageTypes.FindUrn(parts.EnvelopeTypes)
        ?? MessageTypes.FindUrn(inbound.MessageTypeHeader?.Split(';') ?? [])
        ?? MessageTypes.Find(inbound.RoutingKey)
        ?? MessageTypes.Find(inbound.DeathRoutingKey);

    private static DecodedMessage Interpret(InboundMessage inbound, MessageKind kind, MessageParts parts)
    {
        var messageId = NullIfEmpty(inbound.MessageId) ?? NullIfEmpty(parts.EnvelopeMessageId);
        var refusal = Identify(kind, messageId, parts, out var logId, out var identity);
        if (refusal is not null)
            return new(inbound, kind, null, refusal) { Withheld = parts.IsWithheld, LogId = parts.LogIdText };

        var hash = messageId is null || identity != LogIdentity.LogId ? HashOf(kind, inbound.Body.Span) : null;
        var receivedAt = Timestamps.ToMicroseconds(inbound.ReceivedAt);
        var problems = new List<string>();
        var occurredAt = parts.OccurredAt(problems);
        if (occurredAt > receivedAt + ClockTolerance)
            problems.Add("sent_at lies more than five minutes ahead of the message's receipt; it is taken as given.");

        var message = new LogMessage
        {
            Kind = kind,
            LogId = logId ?? DerivedIds.LogOfBody(hash!),
            Identity = identity,
            MessageId = messageId ?? hash!,
            BodyHash = hash,
            OccurredAt = occurredAt,
            ReceivedAt = receivedAt,
            Changes = parts.Changes(kind, problems),
            Withheld = parts.SaysWithheld(problems),
            BatchId = kind.IsUpdate() ? null : parts.BatchId(problems),
            CompletionRequested = kind.LogKind() == LogKind.Flow && parts.RequestsCompletion(problems),
            Problems = [.. problems.Distinct().Order(StringComparer.Ordinal).Take(Log.KeptProblems)],
        };
        return new(inbound, kind, message, null) { Withheld = message.Withheld, LogId = message.LogId };
    }

    private static Refusal? Identify(MessageKind kind, string? messageId, MessageParts parts, out string? logId, out LogIdentity identity)
    {
        (logId, identity) = (null, LogIdentity.LogId);
        if (parts.LogIdIsOfWrongType)
            return new(RefusalReason.WrongType, "log_id", $"log_id is {parts.LogIdType}; it has to be a string.");

        logId = NullIfEmpty(parts.LogIdText);
        if (logId is null && (kind.IsUpdate() || kind == MessageKind.LogDeleted))
            return new(RefusalReason.MissingField, "log_id", $"A {kind.WireName()} has to say which Log it means; send log_id.");
        if (logId is null)
            (logId, identity) = messageId is null ? (null, LogIdentity.Body) : (messageId, LogIdentity.MessageId);

        return logId is not null && Encoding.UTF8.GetByteCount(logId) > MaxIdBytes
            ? new(RefusalReason.IdTooLong, "log_id", $"log_id has more than {MaxIdBytes} UTF-8 bytes; shorten it.")
            : null;
    }

    private static string HashOf(MessageKind kind, ReadOnlySpan<byte> body)
    {
        var name = kind.WireName();
        var buffer = ArrayPool<byte>.Shared.Rent(name.Length + 1 + body.Length);
        var length = Encoding.ASCII.GetBytes(name, buffer);
        buffer[length++] = (byte)'\n';
        body.CopyTo(buffer.AsSpan(length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, length + body.Length), hash);
        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
