using System.Buffers.Binary;

namespace MongoGateway.Wire;

/// <summary>Writes the answer to a message in the form in which it was asked.</summary>
internal static class WireWriter
{
    public static async Task WriteAsync(
        Stream stream, WireMessage request, ReadOnlyMemory<byte> reply, CancellationToken cancellation)
    {
        var answersQuery = request.OpCode == OpCode.Query;
        // OP_REPLY: flags, cursor, first and count before the document. OP_MSG: flags and the kind of its one section.
        var head = new byte[answersQuery ? 36 : 21];
        BinaryPrimitives.WriteInt32LittleEndian(head, head.Length + reply.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), request.RequestId);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), answersQuery ? OpCode.Reply : OpCode.Message);
        if (answersQuery)
        {
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), 8);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(32), 1);
        }

        await stream.WriteAsync((byte[])[.. head, .. reply.Span], cancellation);
    }
}
