namespace Worker.Ingestion;

/// <summary>Makes one chunk: so many messages or bytes at most, in order, and suspects apart from all others.</summary>
/// <param name="count">Messages in a chunk at most.</param>
/// <param name="bytes">Body bytes in a chunk at most; a single longer message is a chunk of its own.</param>
internal sealed class ChunkBuilder(int count, long bytes = ChunkBuilder.DefaultBytes)
{
    /// <summary>What is written together stays small beside what may be held.</summary>
    public const long DefaultBytes = 8 * 1024 * 1024;

    private readonly List<InboundMessage> _messages = [];
    private long _bytes;
    private long _since;
    private bool _isClosed;

    public bool IsEmpty => _messages.Count == 0;

    /// <summary>Nothing more may join.</summary>
    public bool IsFull => _isClosed || _messages.Count >= count || _bytes >= bytes;

    /// <summary>Adds the next message; false when it has to begin the next chunk.</summary>
    /// <param name="since">When it was taken, as a timestamp of the <see cref="TimeProvider"/>.</param>
    public bool TryAdd(InboundMessage next, long since)
    {
        if (!IsEmpty && (IsFull || _bytes + next.Body.Length > bytes || next.IsSuspect != _messages[0].IsSuspect))
        {
            _isClosed = true;
            return false;
        }

        if (IsEmpty)
            _since = since;
        _messages.Add(next);
        _bytes += next.Body.Length;
        return true;
    }

    /// <summary>What was added so far.</summary>
    public HeldChunk ToChunk() => new(_messages, _bytes, _since);
}
