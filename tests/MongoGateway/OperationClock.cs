using MongoGateway.Bson;

namespace MongoGateway;

/// <summary>
/// The operation time that a member of a replica set puts on its replies: seconds above a counter, never going back.
/// There is one engine and it shows every write to every later read, so a read after any time given out here holds as it is.
/// </summary>
internal sealed class OperationClock(TimeProvider time)
{
    private long _last;

    public byte[] Stamp(byte[] reply) => new BsonBuilder().AddAll(reply).AddTimestamp("operationTime", Next()).Build();

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
