using Worker.Errors;
using Worker.Storage;

namespace Worker.DeadLetters;

/// <summary>
/// The letters of refused messages, wherever they are kept. Killed at any moment, no letter is lost: at worst one
/// stands twice under the same id. Throws <see cref="ServerUnreachableException"/> or
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IDeadLetters
{
    /// <summary>
    /// False when nothing was ever written to where they would be: there are none, and no place to look.
    /// </summary>
    bool Exist { get; }

    /// <summary>
    /// Returns when the letter is durable: confirmed by the broker as routed, or written to the file. When it throws,
    /// the letter may be there or not, and may be sent again. Safe for concurrent use.
    /// </summary>
    Task SendAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>How many there are; on a broker, those that nobody is going through.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>All letters, oldest first, without taking them.</summary>
    IAsyncEnumerable<DeadLetter> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sends letters again. With <paramref name="canary"/>, of several one goes first: only when a worker took it and
    /// it did not come back within a few seconds do the others follow. Withheld letters are passed over: there is
    /// nothing to send.
    /// </summary>
    /// <param name="filter">Which.</param>
    /// <param name="canary">Whether one goes first.</param>
    /// <param name="onSent">Is told of each that was sent, once it is.</param>
    Task<RedriveReport> RedriveAsync(
        DeadLetterFilter filter, bool canary, Action<DeadLetter>? onSent, CancellationToken cancellationToken);

    /// <summary>Throws letters away for good, and returns how many.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="around">Null: nobody wants to know before.</param>
    Task<int> DiscardAsync(DeadLetterFilter filter, DiscardStep? around, CancellationToken cancellationToken);
}
