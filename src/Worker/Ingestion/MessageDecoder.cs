using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Worker.Masking;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Reads what was delivered into what it says about one Log, leniently where real clients need it. One pass over the
/// body; values are slices of it, not copies. Never throws, whatever the bytes: what cannot be read is refused. Of one
/// delivery it always makes the same; safe to use from several threads at once.
/// </summary>
/// <param name="masker">What is read is masked by it first; null masks nothing.</param>
internal sealed class MessageDecoder(int maxMessageBytes, Masker? masker = null)
{
    /// <summary>What an id may be long, in UTF-8 bytes: an AMQP short string.</summary>
    public const int MaxIdBytes = 255;

    private static readonly long ClockTolerance = (long)TimeSpan.FromMinutes(5).TotalMicroseconds;

    private readonly FileMessages _files = new();
    private readonly Masker _masker = masker ?? Masker.Off;

    // Used again: they are as large as all else that decoding needs. Whoever finds none makes one.
    private BodyFields? _spare;

    public DecodedMessage Decode(InboundMessage inbound)
    {
        var parts = Interlocked.Exchange(ref _spare, null) ?? new BodyFields();
        var decoded = Decode(inbound, parts);
        parts.Forget();
        _spare = parts;
        return decoded;
    }

    private DecodedMessage Decode(InboundMessage inbound, BodyFields parts)
    {
        var (plain, refusal) = ContentEncodings.Undo(inbound, maxMessageBytes);
        var (body, masked) = _masker.Mask(plain);
        refusal ??= ContentEncodings.TooLarge(body.Length, maxMessageBytes, "masked has");
        var decoded = Decode(inbound, body, refusal, parts);
        return masked is null ? decoded : decoded with { Masked = masked };
    }

    private DecodedMessage Decode(
        InboundMessage inbound, ReadOnlyMemory<byte> body, Refusal? refusal, BodyFields parts)
    {
        var unreadable = JsonBody.Clean(body) is { } json
            ? parts.Read(json, inbound.ContentType)
            : new(RefusalReason.MalformedJson, null, "The body is not UTF-8 text; send one JSON object in UTF-8.");
        var kind = KindOf(inbound, parts);
        refusal ??= unreadable ?? (kind is null
            ? new(
                RefusalReason.UnknownType,
                "type",
                "Neither type, messageType, MT-MessageType nor routing key names a message; " +
                $"accepted are {MessageTypes.Accepted}.")
            : null);
        if (refusal is null && kind!.Value.IsAboutFiles())
            return AboutFile(inbound, JsonBody.Clean(body)!.Value, kind.Value, parts);
        return refusal is null
            ? Interpret(inbound, body, kind!.Value, parts)
            : Refused(inbound, kind, parts, refusal) with { IsCutOff = unreadable is not null };
    }

    private static DecodedMessage Refused(
        InboundMessage inbound, MessageKind? kind, BodyFields parts, Refusal refusal) =>
        new(inbound, kind, null, refusal) { Withheld = parts.IsWithheld, LogId = parts.LogIdText };

    private static MessageKind? KindOf(InboundMessage inbound, BodyFields parts) =>
        MessageTypes.Find(inbound.Type)
        ?? MessageTypes.FindUrn(parts.EnvelopeTypes)
        ?? MessageTypes.FindUrn(inbound.MessageTypeHeader?.Split(';') ?? [])
        ?? MessageTypes.Find(inbound.RoutingKey)
        ?? MessageTypes.Find(inbound.DeathRoutingKey);

    private DecodedMessage AboutFile(
        InboundMessage inbound, ReadOnlyMemory<byte> body, MessageKind kind, BodyFields parts)
    {
        var (change, refusal) = _files.Read(
            kind,
            body,
            parts.OccurredAt() ?? Timestamps.ToMicroseconds(inbound.ReceivedAt),
            NullIfEmpty(inbound.MessageId) ?? HashOf(kind, body.Span));
        return new(inbound, kind, null, refusal) { File = change };
    }

    private static DecodedMessage Interpret(
        InboundMessage inbound, ReadOnlyMemory<byte> body, MessageKind kind, BodyFields parts)
    {
        var problems = parts.Problems;
        var messageId = NullIfEmpty(inbound.MessageId) ?? NullIfEmpty(parts.EnvelopeMessageId);
        if (Identify(kind, ref messageId, parts, out var logId, out var identity) is { } refusal)
            return Refused(inbound, kind, parts, refusal);
        if (kind == MessageKind.EvaluatorLogged && parts.RefuseVerdict() is { } noVerdict)
            return Refused(inbound, kind, parts, noVerdict);

        var receivedAt = Timestamps.ToMicroseconds(inbound.ReceivedAt);
        var occurredAt = parts.OccurredAt();
        if (occurredAt > receivedAt + ClockTolerance)
            problems.Add("sent_at lies more than five minutes ahead of the message's receipt; it is taken as given.");

        var needsHash = messageId is null || identity != LogIdentity.LogId || occurredAt is null;
        var hash = needsHash ? HashOf(kind, body.Span) : null;
        parts.NoteNonNumbers();
        var stamp = new Stamp(kind.IsUpdate(), occurredAt ?? receivedAt, messageId ?? hash!);
        var message = new LogMessage
        {
            Kind = kind,
            LogId = logId ?? DerivedIds.LogOfBody(hash!),
            Identity = identity,
            MessageId = stamp.MessageId,
            BodyHash = hash,
            OccurredAt = occurredAt,
            ReceivedAt = receivedAt,
            Changes = parts.Changes(kind, stamp),
            Withheld = parts.SaysWithheld(),
            BatchId = kind.IsUpdate() ? null : parts.BatchId(),
            CompletionRequested = kind.KindOfLog() == LogKind.Flow && parts.RequestsCompletion(),
            Problems = problems.Count == 0
                ? []
                : [.. problems.Distinct().Order(StringComparer.Ordinal).Take(Log.KeptProblems)],
        };
        return new(inbound, kind, message, null) { Withheld = message.Withheld, LogId = message.LogId };
    }

    private static Refusal? Identify(
        MessageKind kind,
        ref string? messageId,
        BodyFields parts,
        out string? logId,
        out LogIdentity identity)
    {
        logId = NullIfEmpty(parts.LogIdText);
        identity = LogIdentity.LogId;
        if (parts.LogIdIsOfWrongType)
            return new(RefusalReason.WrongType, "log_id", $"log_id is {parts.LogIdType}; it has to be a string.");
        if (IsTooLong(logId))
            return TooLong("log_id");
        if (logId is null && (kind.IsUpdate() || kind == MessageKind.LogDeleted))
            return new(
                RefusalReason.MissingField,
                "log_id",
                $"A {kind.WireName()} has to say which Log it means; send log_id.");
        if (logId is null)
        {
            logId = messageId;
            identity = messageId is null ? LogIdentity.Body : LogIdentity.MessageId;
            return IsTooLong(messageId) ? TooLong("message_id") : null;
        }

        if (IsTooLong(messageId))
        {
            parts.Problems.Add($"message_id was dropped: it has more than {MaxIdBytes} UTF-8 bytes, which no id has.");
            messageId = null;
        }

        return null;
    }

    private static bool IsTooLong(string? id) =>
        id is not null && id.Length > MaxIdBytes / 3 && Encoding.UTF8.GetByteCount(id) > MaxIdBytes;

    private static Refusal TooLong(string field) =>
        new(RefusalReason.IdTooLong, field, $"{field} has more than {MaxIdBytes} UTF-8 bytes; shorten it.");

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
