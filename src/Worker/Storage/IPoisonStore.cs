using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// Attempts at messages, counted before each attempt, so that only a message that ends the worker, or fails however
/// often it is tried alone, is ever condemned. Throws <see cref="StoreUnavailableException"/>, and has then counted
/// nothing.
/// </summary>
internal interface IPoisonStore
{
    /// <summary>How many attempts at each message were counted; those never counted are absent.</summary>
    Task<IReadOnlyDictionary<string, int>> ReadAsync(
        IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken);

    /// <summary>
    /// Counts one more attempt at each message, and returns how many there were, this one included. Durable on return.
    /// Each key occurs at most once.
    /// </summary>
    Task<IReadOnlyDictionary<string, int>> CountAsync(
        IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken);

    /// <summary>Forgets the attempts at those messages.</summary>
    Task ClearAsync(IReadOnlyCollection<string> messageKeys, CancellationToken cancellationToken);
}
