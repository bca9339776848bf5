using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Worker.DeadLetters;
using Worker.Errors;
using Worker.Masking;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Writes the letters of refused messages: the same one for the same refusal, whoever writes it. Every text in it is
/// bounded. Where its Log asked not to be saved, by the message itself or by what is stored, a letter holds length and
/// hash alone. What is masked in a Log is masked in a letter.
/// </summary>
internal sealed class DeadLetterWriter(
    ILogStore logs, StoreResilience resilience, IOptions<PrivacyOptions> privacy, Masker masker, TimeProvider time)
{
    /// <summary>How far a compressed body is unpacked to be masked, in bytes.</summary>
    private const int MostUnpacked = 16 * 1024 * 1024;

    /// <summary>A letter for each, in their order. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<IReadOnlyList<RefusedMessage>> WriteAsync(
        IReadOnlyList<DecodedMessage> refused, CancellationToken cancellationToken)
    {
        if (refused.Count == 0)
            return [];

        var about = refused.Select(LogIdsOf).ToList();
        var withheld = await WithheldAsync(about.SelectMany(ids => ids), cancellationToken);
        return [.. refused.Zip(
            about, (message, ids) => Write(message, IsWithheld(message) || ids.Any(withheld.Contains)))];
    }

    /// <summary>A moved letter stays what it was.</summary>
    private RefusedMessage Write(DecodedMessage message, bool withheld) =>
        new(message.Inbound, message.Inbound.Letter ?? Letter(message, withheld, masker, time.GetUtcNow()));

    private bool IsWithheld(DecodedMessage message) =>
        message.Withheld
        || (message.IsUnreadable && (!privacy.Value.KeepUnreadable || BodyScan.MayAskNotToBeSaved(
            message.Inbound.Body.Span)));

    /// <summary>
    /// The Logs that the message may be about, where it does not itself say that it is not to be saved.
    /// </summary>
    private IReadOnlyList<string> LogIdsOf(DecodedMessage message)
    {
        if (message.Inbound.Letter is not null || IsWithheld(message))
            return [];
        var named = message.LogId is { } id ? [id]
            : message.IsUnreadable ? BodyScan.LogIds(message.Inbound.Body.Span)
            : [];
        IEnumerable<string> ids = message.Inbound.MessageId is { Length: > 0 } messageId
            ? [.. named, messageId]
            : named;
        return [.. ids.Where(each => each.Length <= MessageDecoder.MaxIdBytes)];
    }

    private async Task<HashSet<string>> WithheldAsync(IEnumerable<string> logIds, CancellationToken cancellationToken)
    {
        var ids = logIds.ToHashSet(StringComparer.Ordinal);
        if (ids.Count == 0)
            return ids;
        var stored = await resilience.ExecuteAsync(async token => await logs.ReadAsync(ids, token), cancellationToken);
        return [.. stored.Values.Where(log => log.Withheld).Select(log => log.Id)];
    }

    /// <summary>
    /// The letter of a refused message, by what the message alone says. Where it is withheld, so are the details of
    /// earlier times.
    /// </summary>
    public static DeadLetter Letter(DecodedMessage message, bool withheld, Masker masker, DateTimeOffset now)
    {
        var (inbound, refusal) = (Masked(message.Inbound, masker), message.Refusal!);
        var hash = Convert.ToHexStringLower(SHA256.HashData(inbound.Body.Span));
        var kind = message.Kind?.WireName() ?? BoundedText.Cut(inbound.Type ?? inbound.RoutingKey ?? "");
        var reason = refusal.Reason.WireName();
        var detail = BoundedText.Cut(
            masker.Mask(withheld ? refusal.DetailWithoutContent ?? refusal.Detail : refusal.Detail));
        var earlier = withheld ? inbound.Attempts.WithoutDetails() : inbound.Attempts;
        return new()
        {
            DeadLetterId = DerivedIds.DeadLetter(kind.Length == 0 ? null : kind, hash, reason),
            Kind = kind.Length == 0 ? null : kind,
            MessageId = inbound.MessageId is { Length: > 0 } id ? BoundedText.Id(id) : hash,
            LogId = message.LogId is { } logId ? BoundedText.Id(logId) : null,
            Reason = reason,
            Field = refusal.Field,
            Detail = detail,
            FirstReceived = inbound.ReceivedAt,
            Body = withheld ? (ReadOnlyMemory<byte>?)null : inbound.Body,
            BodyLength = inbound.Body.Length,
            BodyHash = hash,
            Withheld = withheld,
            ContentType = inbound.ContentType,
            ContentEncoding = inbound.ContentEncoding,
            Attempts = earlier.With(now, reason, detail),
        };
    }

    /// <summary>
    /// A compressed body in which something is masked is kept unpacked; one that cannot be unpacked, as far as it can.
    /// </summary>
    private static InboundMessage Masked(InboundMessage inbound, Masker masker)
    {
        var (plain, _) = ContentEncodings.Undo(inbound, Math.Max(inbound.Body.Length, MostUnpacked));
        var masked = masker.Mask(plain);
        return masked.Counts is null
            ? inbound
            : inbound with
            {
                Body = masked.Body,
                ContentEncoding = plain.Equals(inbound.Body) ? inbound.ContentEncoding : null,
            };
    }
}
