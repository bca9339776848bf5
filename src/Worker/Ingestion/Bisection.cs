namespace Worker.Ingestion;

/// <summary>
/// Splits a chunk that failed by halves, at once, until the messages that fail alone are known. All others are dealt
/// with.
/// </summary>
internal static class Bisection
{
    /// <param name="chunk">What failed together.</param>
    /// <param name="fault">How.</param>
    /// <param name="isFault">Whether an exception may be a message's fault; any other ends the search.</param>
    /// <returns>What was dealt with, and each message that failed alone with its own fault, in their order.</returns>
    public static async Task<(ProcessedChunk Done, IReadOnlyList<FailedMessage> Failed)> RunAsync(
        IReadOnlyList<InboundMessage> chunk,
        Exception fault,
        ChunkHandler process,
        Func<Exception, bool> isFault,
        CancellationToken cancellationToken)
    {
        var done = ProcessedChunk.Nothing;
        var failed = new List<FailedMessage>();
        var open = new Stack<(IReadOnlyList<InboundMessage> Part, Exception? Fault)>([(chunk, fault)]);
        while (open.TryPop(out var next))
        {
            var (part, why) = next;
            why ??= await TryAsync(part);
            if (why is null)
                continue;
            if (part is [var alone])
            {
                failed.Add(new(alone, why));
                continue;
            }

            // The first half is on top: messages are tried in their order.
            open.Push(([.. part.Skip(part.Count / 2)], null));
            open.Push(([.. part.Take(part.Count / 2)], null));
        }

        return (done, failed);

        async Task<Exception?> TryAsync(IReadOnlyList<InboundMessage> part)
        {
            try
            {
                done += await process(part, cancellationToken);
                return null;
            }
            catch (Exception exception) when (isFault(exception))
            {
                return exception;
            }
        }
    }
}
