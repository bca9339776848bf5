namespace Worker.Ingestion;

/// <summary>
/// Decodes a chunk, folds the messages of each Log, merges them into what is stored, links, wakes what is complete above,
/// and sends what can never succeed to the dead letters. Source-neutral: called by RabbitMQ's and the inbox's service.
/// </summary>
internal sealed class ChunkProcessor
{
    /// <summary>
    /// On return everything is durable and the whole chunk may be acknowledged. Throws
    /// <see cref="Storage.StoreUnavailableException"/> when the store did not answer (after retries), and whatever the
    /// dead-letter sink throws: the chunk may then be given again, in whole or in part.
    /// Messages in it are in the order of their tags.
    /// </summary>
    public Task<ChunkResult> ProcessAsync(IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
