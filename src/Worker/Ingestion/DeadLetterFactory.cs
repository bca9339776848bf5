using System.Security.Cryptography;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>Makes the letter of a refused message: the same one for the same refusal, whoever makes it.</summary>
internal static class DeadLetterFactory
{
    public static DeadLetter Create(DecodedMessage message, Refusal refusal, bool withheld)
    {
        var inbound = message.Inbound;
        var hash = Convert.ToHexStringLower(SHA256.HashData(inbound.Body.Span));
        var kind = message.Kind?.WireName() ?? inbound.Type ?? inbound.RoutingKey;
        var reason = refusal.Reason.WireName();
        return new()
        {
            DeadLetterId = DerivedIds.DeadLetter(kind, hash, reason),
            Kind = kind,
            MessageId = string.IsNullOrEmpty(inbound.MessageId) ? hash : inbound.MessageId,
            LogId = message.LogId,
            Reason = reason,
            Field = refusal.Field,
            Detail = refusal.Detail,
            FirstReceived = inbound.ReceivedAt,
            Body = withheld ? (ReadOnlyMemory<byte>?)null : inbound.Body,
            BodyLength = inbound.Body.Length,
            BodyHash = hash,
            Withheld = withheld,
            ContentType = inbound.ContentType,
            ContentEncoding = inbound.ContentEncoding,
        };
    }
}
