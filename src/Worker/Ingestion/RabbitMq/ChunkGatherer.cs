using System.Threading.Channels;

namespace Worker.Ingestion.RabbitMq;

/// <summary>Makes chunks of what is held: takes all that is there, waits a little for more while there is room, keeps the order.</summary>
internal sealed class ChunkGatherer(ChannelReader<HeldMessage> held, ChunkRules rules, TimeSpan chunkTime, TimeProvider time)
{
    private Task<bool>? _more;

    /// <summary>The next chunk; null when the channel is completed and empty. One caller at a time.</summary>
    public async Task<HeldChunk?> GatherAsync(CancellationToken cancellationToken)
    {
        // Waiting for what is there already would not look at the token.
        cancellationToken.ThrowIfCancellationRequested();
        if (!await MoreAsync().WaitAsync(cancellationToken))
            return null;

        var chunk = new Gathering();
        Take(chunk);
        if (chunkTime <= TimeSpan.Zero || IsFull(chunk))
            return chunk.ToChunk();

        var timeUp = Task.Delay(chunkTime, time, cancellationToken);
        while (!IsFull(chunk) && await Task.WhenAny(MoreAsync(), timeUp) != timeUp && await MoreAsync())
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

    private void Take(Gathering chunk)
    {
        while (held.TryPeek(out var next))
        {
            if (!rules.Admit(next.Message, chunk.Messages.Count, chunk.Bytes, chunk.HasSuspect))
            {
                chunk.IsFull = true;
                return;
            }

            held.TryRead(out _);
            chunk.Add(next);
        }
    }

    private bool IsFull(Gathering chunk) =>
        chunk.IsFull || chunk.HasSuspect || chunk.Messages.Count >= rules.Count || chunk.Bytes >= rules.Bytes;

    private sealed class Gathering
    {
        public List<InboundMessage> Messages { get; } = [];

        public long Bytes { get; private set; }

        public bool HasSuspect { get; private set; }

        /// <summary>The next message did not fit.</summary>
        public bool IsFull { get; set; }

        private long Since { get; set; }

        public void Add(HeldMessage next)
        {
            if (Messages.Count == 0)
                Since = next.Since;
            Messages.Add(next.Message);
            Bytes += next.Message.Body.Length;
            HasSuspect = PoisonGuard.IsSuspect(next.Message);
        }

        public HeldChunk ToChunk() => new(Messages, Bytes, Since);
    }
}
