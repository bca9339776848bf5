using System.Threading.Channels;

namespace Worker.Client;

/// <summary>
/// What was called and is neither with the broker nor on disk, bounded by count and bytes. A place is held until
/// <see cref="Release"/>, so what is being sent counts. Any number of threads add; one takes.
/// </summary>
internal sealed class MemoryQueue(int maxMessages, long maxBytes)
{
    private readonly Channel<OutgoingMessage> _channel =
        Channel.CreateUnbounded<OutgoingMessage>(new UnboundedChannelOptions { SingleReader = true });

    private long _messages;
    private long _bytes;
    private Task<bool>? _arrival;

    /// <summary>Messages held, those included that were taken and not released.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>The bytes of their bodies.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>More than half of either bound is held.</summary>
    public bool IsHalfFull => Messages > maxMessages / 2 || Bytes > maxBytes / 2;

    /// <summary>Nothing comes any more, and everything was taken.</summary>
    public bool IsFinished => _channel.Reader.Completion.IsCompleted;

    /// <summary>Null where it is held, else why not.</summary>
    public DropReason? Add(OutgoingMessage message)
    {
        var bytes = message.Body.Length;
        var isWithin = Interlocked.Increment(ref _messages) <= maxMessages;
        isWithin &= Interlocked.Add(ref _bytes, bytes) <= maxBytes;
        if (isWithin && _channel.Writer.TryWrite(message))
            return null;

        Release(1, bytes);
        return isWithin ? DropReason.Closed : DropReason.MemoryFull;
    }

    /// <summary>
    /// Moves the oldest to the end of a list, until that has so many messages, or so many bytes were moved.
    /// </summary>
    public void Take(List<OutgoingMessage> batch, int count, long bytes)
    {
        while (batch.Count < count && bytes > 0 && _channel.Reader.TryRead(out var message))
        {
            batch.Add(message);
            bytes -= message.Body.Length;
        }
    }

    /// <summary>The places of what was taken are free.</summary>
    public void Release(int messages, long bytes)
    {
        Interlocked.Add(ref _messages, -messages);
        Interlocked.Add(ref _bytes, -bytes);
    }

    /// <summary>Completes when there is something to take, or nothing comes any more.</summary>
    public Task ArrivalAsync() =>
        _arrival is { IsCompleted: false } waiting
            ? waiting
            : _arrival = _channel.Reader.WaitToReadAsync().AsTask();

    /// <summary>From now on nothing is added.</summary>
    public void Close() => _channel.Writer.TryComplete();
}
