namespace Worker.Ingestion;

/// <summary>
/// What is done with a chunk: <see cref="ChunkProcessor.ProcessAsync"/>, whose promises hold for every handler.
/// </summary>
internal delegate Task<ProcessedChunk> ChunkHandler(
    IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken);
