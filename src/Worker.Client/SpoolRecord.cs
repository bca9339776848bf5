using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Worker.Client;

/// <summary>
/// One message in a segment: the length of what follows the checksum, its CRC-32C, then type, message id and
/// traceparent, each with its length in a byte, and the body. Numbers are little-endian.
/// </summary>
internal static class SpoolRecord
{
    /// <summary>What a segment begins with: the name and the version of its format.</summary>
    public static ReadOnlySpan<byte> Magic => "WCSPOOL1"u8;

    private const int Prefix = 8;

    public static int LengthOf(OutgoingMessage message) =>
        Prefix + 3 + Encoding.UTF8.GetByteCount(message.Type) + Encoding.UTF8.GetByteCount(message.MessageId)
        + Encoding.UTF8.GetByteCount(message.TraceParent ?? "") + message.Body.Length;

    public static void Write(OutgoingMessage message, IBufferWriter<byte> writer)
    {
        var length = LengthOf(message);
        var record = writer.GetSpan(length)[..length];
        var rest = Put(record[Prefix..], message.Type);
        rest = Put(rest, message.MessageId);
        rest = Put(rest, message.TraceParent ?? "");
        message.Body.Span.CopyTo(rest);
        BinaryPrimitives.WriteInt32LittleEndian(record, length - Prefix);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(record[Prefix..]));
        writer.Advance(length);
    }

    /// <summary>False where the rest is no whole record: it was torn by a kill, or the disk has changed it.</summary>
    /// <param name="rest">Is moved behind what was read.</param>
    public static bool TryRead(ref ReadOnlyMemory<byte> rest, [NotNullWhen(true)] out OutgoingMessage? message)
    {
        message = null;
        var span = rest.Span;
        if (span.Length < Prefix || BinaryPrimitives.ReadInt32LittleEndian(span) is var length
            && (length < 3 || length > span.Length - Prefix))
        {
            return false;
        }

        var record = rest.Slice(Prefix, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(span[4..]) != Checksum(record.Span))
            return false;

        rest = rest[(Prefix + length)..];
        var (type, messageId, traceParent) = (Text(ref record), Text(ref record), Text(ref record));
        message = new OutgoingMessage(type, messageId, traceParent.Length == 0 ? null : traceParent, record);
        return true;
    }

    private static Span<byte> Put(Span<byte> to, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, to[1..]);
        to[0] = (byte)length;
        return to[(1 + length)..];
    }

    private static string Text(ref ReadOnlyMemory<byte> record)
    {
        var length = record.Span[0];
        var text = Encoding.UTF8.GetString(record.Span.Slice(1, length));
        record = record[(1 + length)..];
        return text;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var single in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, single);
        return ~crc;
    }
}
