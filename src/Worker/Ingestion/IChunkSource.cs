using Worker.Errors;

namespace Worker.Ingestion;

/// <summary>
/// Where messages come from, in order and at least once: a queue of RabbitMQ, or the inbox. Used by one
/// <see cref="ChunkDrain"/>. Throws <see cref="ServerUnreachableException"/> or <see cref="StoreUnavailableException"/>
/// when it is gone; what was taken and not settled is then delivered again.
/// </summary>
internal interface IChunkSource
{
    /// <summary>
    /// The next chunk; waits until there is one. Begins taking messages again after <see cref="ReturnAsync"/>.
    /// </summary>
    Task<HeldChunk> NextAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Tells the source that these are done with for good, and no others: each was given by <see cref="NextAsync"/> and
    /// is settled once, in the order of their tags. One call at a time.
    /// </summary>
    Task SettleAsync(IReadOnlyList<InboundMessage> messages);

    /// <summary>Takes no more, and gives back, once, all that was taken and not settled. Never throws.</summary>
    /// <returns>How many messages that were.</returns>
    Task<int> ReturnAsync();
}
