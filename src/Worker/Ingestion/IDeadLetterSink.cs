using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>Where the letters of refused messages go before those are settled.</summary>
internal interface IDeadLetterSink
{
    /// <summary>
    /// Returns when the letter is durable: confirmed by the broker as routed, or written to the store. Throws
    /// <see cref="ServerUnreachableException"/> or <see cref="StoreUnavailableException"/> when it may not be; it is then sent
    /// again later, so that a letter may stand twice under the same id. Safe for concurrent use.
    /// </summary>
    Task SendAsync(DeadLetter letter, CancellationToken cancellationToken);
}
