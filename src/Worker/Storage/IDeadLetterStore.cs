using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// Dead letters kept as rows, where there is no broker to keep them. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IDeadLetterStore
{
    /// <summary>False when nothing was ever written to where they would be.</summary>
    bool Exists { get; }

    /// <summary>Adds letters; one that is already there stays as it is. Durable on return.</summary>
    Task AddAsync(IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken);

    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>All letters, oldest first.</summary>
    IAsyncEnumerable<DeadLetter> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Moves a letter's body back into the inbox and removes the letter, as one step. False when it is not there.
    /// </summary>
    Task<bool> RedriveAsync(string deadLetterId, CancellationToken cancellationToken);

    /// <summary>False when it is not there.</summary>
    Task<bool> DiscardAsync(string deadLetterId, CancellationToken cancellationToken);
}
