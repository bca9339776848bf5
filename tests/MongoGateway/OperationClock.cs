using System.Buffers.Binary;

namespace MongoGateway;

/// <summary>
/// The operation time that a member of a replica set puts on its replies: seconds above a counter, never going back.
/// There is one engine and it shows every write to every later read, so a read after any time given out here holds as
/// it is.
/// </summary>
internal sealed class OperationClock(TimeProvider time)
{
    /// <summary>BSON's type of that number.</summary>
    private const byte Timestamp = 0x11;

    private long _last;

    /// <summary>Appends the time to a document, which may be large and is not looked into.</summary>
    public byte[] Stamp(byte[] reply)
    {
        byte[] stamped = [.. reply.AsSpan(..^1), Timestamp, .. "operationTime\0"u8, .. BitConverter.GetBytes(Next()), 0];
        BinaryPrimitives.WriteInt32LittleEndian(stamped, stamped.Length);
        return stamped;
    }

    private long Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, (time.GetUtcNow().ToUnixTimeSeconds() << 32) + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}
