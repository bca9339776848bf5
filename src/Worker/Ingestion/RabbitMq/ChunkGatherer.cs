using System.Threading.Channels;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// Makes chunks of what is held: takes all that is there, waits a little for more while there is room, keeps the order.
/// </summary>
internal sealed class ChunkGatherer(
    ChannelReader<HeldMessage> held, int chunkSize, TimeSpan chunkTime, TimeProvider time)
{
    private Task<bool>? _more;

    /// <summary>The next chunk; null when the channel is completed and empty. One caller at a time.</summary>
    public async Task<HeldChunk?> GatherAsync(CancellationToken cancellationToken)
    {
        // Waiting for what is there already would not look at the token.
        cancellationToken.ThrowIfCancellationRequested();
        var chunk = new ChunkBuilder(chunkSize);
        do
        {
            if (!await MoreAsync().WaitAsync(cancellationToken))
                return null;
            Take(chunk);
        }
        while (chunk.IsEmpty); // A wait may be answered for what the chunk before has taken already.

        if (chunkTime <= TimeSpan.Zero || chunk.IsFull)
            return chunk.ToChunk();

        var timeUp = Task.Delay(chunkTime, time, cancellationToken);
        while (!chunk.IsFull && await Task.WhenAny(MoreAsync(), timeUp) != timeUp && await MoreAsync())
            Take(chunk);

        // What came just as the time was up, too.
        Take(chunk);
        return chunk.ToChunk();
    }

    // One wait is kept until it is answered; asking anew each time would leave one behind with every chunk.
    private Task<bool> MoreAsync()
    {
        if (_more is null || _more.IsCompleted)
            _more = held.WaitToReadAsync(CancellationToken.None).AsTask();
        return _more;
    }

    private void Take(ChunkBuilder chunk)
    {
        while (held.TryPeek(out var next) && chunk.TryAdd(next.Message, next.Since))
            held.TryRead(out _);
    }
}
