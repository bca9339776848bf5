using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>Where refused messages go before they are acknowledged.</summary>
internal interface IDeadLetterSink
{
    /// <summary>
    /// Returns when every letter is durable: confirmed by the broker as routed, or written to the store. Throws when any may
    /// not be; all are then sent again later, so that a letter may stand twice under the same id.
    /// </summary>
    Task SendAsync(IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken);
}
