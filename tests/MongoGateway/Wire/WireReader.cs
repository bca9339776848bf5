using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MongoGateway.Wire;

/// <summary>
/// Reads OP_MSG, and the OP_QUERY with which older drivers say hello. What breaks the protocol ends the connection.
/// </summary>
internal static class WireReader
{
    public const int MaxMessageBytes = 48_000_000;
    private const uint ChecksumPresent = 1;
    private const uint MoreToCome = 2;
    private const uint UnknownRequired = 0xFFFC;

    /// <returns>Null when the client has closed the connection between two messages.</returns>
    public static async Task<WireMessage?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var header = new byte[16];
        var read = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation);
        if (read == 0)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (read < header.Length || length is < 21 or > MaxMessageBytes)
        {
            throw new InvalidDataException(
                $"A message of {length} bytes was announced; 21 to {MaxMessageBytes} are possible.");
        }

        var message = GC.AllocateUninitializedArray<byte>(length);
        header.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(header.Length), cancellation);
        var requestId = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(4));
        return BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(12)) switch
        {
            OpCode.Message => Message(requestId, message),
            OpCode.Query => Query(requestId, message),
            var other => throw new InvalidDataException(
                $"Operation {other} is not served; drivers send {OpCode.Message} (OP_MSG)."),
        };
    }

    private static WireMessage Message(int requestId, byte[] message)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(16));
        if ((flags & UnknownRequired) != 0)
        {
            throw new InvalidDataException($"OP_MSG carries the unknown required flags {flags & UnknownRequired:x}.");
        }

        var sections = message.AsMemory(20);
        if ((flags & ChecksumPresent) != 0)
        {
            CheckSum(message);
            sections = sections[..^4];
        }

        byte[]? body = null;
        Memory<byte>? sequence = null;
        while (!sections.IsEmpty)
        {
            var kind = sections.Span[0];
            var section = Sized(sections[1..]);
            sections = sections[(1 + section.Length)..];
            if (kind == 0 && body is null)
            {
                body = section.ToArray();
            }
            else if (kind == 1 && sequence is null)
            {
                // Its name is documents, updates or deletes, as the command has it; the engine goes by the command.
                var end = section.Span[4..].IndexOf((byte)0);
                sequence = end < 0
                    ? throw new InvalidDataException("A section has no name.")
                    : section[(4 + end + 1)..];
            }
            else
            {
                throw new InvalidDataException($"A section of kind {kind} is one too many, or unknown.");
            }
        }

        return new WireMessage(requestId, OpCode.Message, body ?? throw new InvalidDataException("OP_MSG has no body."),
            sequence, Namespace: null, AwaitsReply: (flags & MoreToCome) == 0);
    }

    private static WireMessage Query(int requestId, byte[] message)
    {
        var end = message.AsSpan(20).IndexOf((byte)0);
        var at = 20 + end + 1 + 8;
        if (end < 0 || at > message.Length)
        {
            throw new InvalidDataException("OP_QUERY is cut short.");
        }

        return new WireMessage(requestId, OpCode.Query, Sized(message.AsMemory(at)).ToArray(), Sequence: null,
            Encoding.UTF8.GetString(message.AsSpan(20, end)), AwaitsReply: true);
    }

    private static Memory<byte> Sized(Memory<byte> bytes)
    {
        var length = bytes.Length >= 5 ? BinaryPrimitives.ReadInt32LittleEndian(bytes.Span) : -1;
        return length >= 5 && length <= bytes.Length
            ? bytes[..length]
            : throw new InvalidDataException("A section is cut short.");
    }

    private static void CheckSum(ReadOnlySpan<byte> message)
    {
        var sum = uint.MaxValue;
        foreach (var value in message[..^4])
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        if (~sum != BinaryPrimitives.ReadUInt32LittleEndian(message[^4..]))
        {
            throw new InvalidDataException("OP_MSG does not have the checksum that it carries.");
        }
    }
}
