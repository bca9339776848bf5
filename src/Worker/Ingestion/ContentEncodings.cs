using System.Collections.Frozen;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Undoes what AMQP's <c>content_encoding</c> says was done to a body. Work and memory are bounded by the limit,
/// however much a few bytes would unpack into.
/// </summary>
internal static class ContentEncodings
{
    private const int QuotedCharacters = 64;
    private const int Block = 16 * 1024;

    /// <summary>
    /// What says nothing of compression: clients put the name of the character set here (kombu, Spring), which is
    /// looked at in the body itself.
    /// </summary>
    private static readonly FrozenSet<string> Plain =
        new[] { "", "identity", "utf-8", "utf8", "us-ascii", "ascii", "binary", "7bit", "8bit" }.ToFrozenSet(
            StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The body as it was before it was encoded. With a refusal, what could be unpacked of it, which is its beginning;
    /// empty where that is nothing.
    /// </summary>
    public static (ReadOnlyMemory<byte> Body, Refusal? Refusal) Undo(InboundMessage message, int limit)
    {
        var name = message.ContentEncoding?.Trim() ?? "";
        if (Plain.Contains(name))
            return (message.Body, TooLarge(message.Body.Length, limit, "has"));
        if (TooLarge(message.Body.Length, limit, "has") is { } refusal)
            return (default, refusal);
        if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
            return Unpack(stream => new GZipStream(stream, CompressionMode.Decompress), message.Body, limit, name);
        if (name.Equals("deflate", StringComparison.OrdinalIgnoreCase))
            return Inflate(message.Body, limit, name);

        var quoted = name.Length <= QuotedCharacters ? name : name[..QuotedCharacters] + "…";
        return (default, new(
            RefusalReason.MalformedJson,
            "content_encoding",
            $"The content_encoding \"{quoted}\" is not known; send the body as it is, or in gzip or deflate."));
    }

    /// <summary>As zlib wraps it, which is what the name means, or raw, which is what some send under it.</summary>
    private static (ReadOnlyMemory<byte> Body, Refusal? Refusal) Inflate(
        ReadOnlyMemory<byte> body, int limit, string name)
    {
        var isWrapped = body.Span is [var method, var flags, ..]
            && (method & 0x0F) == 8
            && ((method << 8) | flags) % 31 == 0;
        var wrapped = isWrapped
            ? Unpack(stream => new ZLibStream(stream, CompressionMode.Decompress), body, limit, name)
            : default;
        return isWrapped && wrapped.Refusal is not { Reason: RefusalReason.MalformedJson }
            ? wrapped
            : Unpack(stream => new DeflateStream(stream, CompressionMode.Decompress), body, limit, name);
    }

    private static (ReadOnlyMemory<byte> Body, Refusal? Refusal) Unpack(
        Func<Stream, Stream> open, ReadOnlyMemory<byte> body, int limit, string name)
    {
        var unpacked = new byte[(int)Math.Min(Block, limit + 1L)];
        var length = 0;
        try
        {
            using var stream = open(StreamOf(body));
            for (int read; length <= limit && (read = stream.Read(unpacked, length, unpacked.Length - length)) > 0;)
            {
                length += read;
                if (length == unpacked.Length && length <= limit)
                    Array.Resize(ref unpacked, (int)Math.Min(unpacked.Length * 2L, limit + 1L));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return (WholeCharacters(unpacked.AsMemory(0, length)), new(
                RefusalReason.MalformedJson,
                "content_encoding",
                $"The body is not what {name} makes of one, or is cut off; " +
                "send it whole, or without a content_encoding."));
        }

        return TooLarge(length, limit, $"unpacked from {name} has at least") is { } refusal
            ? (WholeCharacters(unpacked.AsMemory(0, length)), refusal)
            : (unpacked.AsMemory(0, length), null);
    }

    /// <summary>The beginning of a text without a character of UTF-8 that may be cut off at its end.</summary>
    private static ReadOnlyMemory<byte> WholeCharacters(ReadOnlyMemory<byte> beginning)
    {
        var end = beginning.Length;
        while (end > 0 && (beginning.Span[end - 1] & 0xC0) == 0x80)
            end--;
        return beginning[..(end > 0 && beginning.Span[end - 1] >= 0xC0 ? end - 1 : end)];
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> body) => MemoryMarshal.TryGetArray(body, out var bytes)
        ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
        : new MemoryStream(body.ToArray(), writable: false);

    public static Refusal? TooLarge(int length, int limit, string has) => length <= limit ? null : new(
        RefusalReason.TooLarge,
        null,
        $"The body {has} {length} bytes and Ingestion:MaxMessageBytes is {limit}; raise it, or send less.");
}
