using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>
/// The dead letters as an operator handles them, wherever they are kept. Killed at any moment, no letter is lost: at worst one
/// stands in both places and is taken once in effect. Throws <see cref="ServerUnreachableException"/> or
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IDeadLetterBox
{
    /// <summary>All letters, oldest first, without taking them.</summary>
    IAsyncEnumerable<DeadLetter> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sends letters again. Of several, one goes first as a canary: only when a worker took it and it did not come back within
    /// a few seconds do the others follow. Withheld letters are passed over: there is nothing to send.
    /// </summary>
    Task<RedriveReport> RedriveAsync(DeadLetterFilter filter, bool canary, CancellationToken cancellationToken);

    /// <summary>Throws letters away for good, and returns how many.</summary>
    Task<int> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken);
}
