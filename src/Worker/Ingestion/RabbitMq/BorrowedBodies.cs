using System.Buffers;
using System.Runtime.InteropServices;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// Bodies in buffers that are used again: what is held unacknowledged is not young, and would be moved by each garbage
/// collection that finds it. A body that is given back is overwritten: nothing of it stays in memory. Whoever
/// still read it would find zeros, or another body. One that is not given back is collected like any other object.
/// </summary>
internal static class BorrowedBodies
{
    /// <summary>A copy in a borrowed buffer.</summary>
    public static ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> body)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(buffer);
        return buffer.AsMemory(0, body.Length);
    }

    /// <summary>
    /// What the bodies of those messages take, in bytes: a buffer may be twice as long as its body.
    /// </summary>
    public static long MemoryOf(IReadOnlyList<InboundMessage> messages)
    {
        var bytes = 0L;
        foreach (var message in messages)
            bytes += BufferOf(message).Length;
        return bytes;
    }

    /// <summary>Nobody reads those any more. Each was made by <see cref="Copy"/>, and is given back once.</summary>
    public static void Return(IReadOnlyList<InboundMessage> messages)
    {
        foreach (var message in messages)
            ArrayPool<byte>.Shared.Return(BufferOf(message), clearArray: true);
    }

    private static byte[] BufferOf(InboundMessage message) =>
        MemoryMarshal.TryGetArray(message.Body, out var buffer) ? buffer.Array! : [];
}
