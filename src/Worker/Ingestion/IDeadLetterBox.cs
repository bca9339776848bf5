using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>
/// Dead letters where they lie: the broker's queue, or the store's rows. Killed at any moment, nothing is lost: a letter is
/// removed only once its message is durable elsewhere, so that at worst it stands in both places, which is harmless.
/// </summary>
internal interface IDeadLetterBox
{
    /// <summary>For sentences, e.g. "worker.dead on rabbit:5672". Holds no secret.</summary>
    string Name { get; }

    /// <summary>All letters, oldest first, without removing any.</summary>
    IAsyncEnumerable<DeadLetter> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Puts the chosen letters back to where messages come in, and yields each when that is durable and the letter is gone.
    /// Withheld letters have no body to put back, and are passed over.
    /// </summary>
    IAsyncEnumerable<DeadLetter> RedriveAsync(Func<DeadLetter, bool> chosen, CancellationToken cancellationToken);

    /// <summary>Removes the chosen letters for good, and yields each when it is gone.</summary>
    IAsyncEnumerable<DeadLetter> DiscardAsync(Func<DeadLetter, bool> chosen, CancellationToken cancellationToken);

    /// <summary>Watches a letter that was just redriven until a worker has dealt with it, for some seconds at most.</summary>
    Task<RedriveFate> WatchAsync(DeadLetter letter, CancellationToken cancellationToken);
}
