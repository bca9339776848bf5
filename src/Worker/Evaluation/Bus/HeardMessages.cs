namespace Worker.Evaluation.Bus;

/// <summary>
/// How many messages this process got to the end of on the endpoint of wake-ups, whatever came of them.
/// </summary>
internal sealed class HeardMessages
{
    private long _count;

    public long Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}
