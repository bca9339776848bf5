using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>
/// Makes messages whose ids derive from what they say, so that an import that is made again says nothing new. The
/// worker's own decoder reads each before it is sent: what it would refuse is told with its place in the export.
/// </summary>
/// <param name="isHistory">What is imported is not to be judged.</param>
internal sealed class MessageMaker(int maxMessageBytes, bool isHistory, Masker masker, TimeProvider time)
{
    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = int.MaxValue,
    };

    /// <summary>
    /// Of two messages of one time the greater id wins: what is imported to be judged wins over the same as history,
    /// whichever comes first.
    /// </summary>
    private readonly string _prefix = isHistory ? "history_" : "judged_";
    private readonly MessageDecoder _decoder = new(maxMessageBytes, masker);
    private readonly ReceiptClock _clock = new(time);

    public bool IsHistory => isHistory;

    /// <param name="write">Writes the members of the body.</param>
    public MadeMessage Make(MessageKind kind, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(body, Writing))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        var message = new InboxMessage
        {
            Type = kind.WireName(),
            MessageId = _prefix + HashOf(kind, masker.Mask(body.WrittenMemory).Body.Span),
            ContentType = "application/json",
            Body = body.WrittenMemory,
            ReceivedAt = _clock.Next(),
        };
        return body.WrittenCount > maxMessageBytes
            ? new(
                null,
                $"it has {body.WrittenCount} bytes as a message, " +
                $"and Ingestion:MaxMessageBytes is {maxMessageBytes}.")
            : _decoder.Decode(Delivered(message)).Refusal is { } refusal
            ? new(null, refusal.Detail)
            : new(message, null);
    }

    private static InboundMessage Delivered(InboxMessage message) => new()
    {
        Body = message.Body,
        Type = message.Type,
        MessageId = message.MessageId,
        ContentType = message.ContentType,
        ReceivedAt = message.ReceivedAt,
        Tag = 0,
    };

    private static string HashOf(MessageKind kind, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(kind.WireName()));
        hash.AppendData("\n"u8);
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
