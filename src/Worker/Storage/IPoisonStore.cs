namespace Worker.Storage;

/// <summary>
/// Attempts at messages that came back too often, counted before each attempt, so that only a message that ends the worker
/// is ever condemned. Throws <see cref="StoreUnavailableException"/>, and has then counted nothing.
/// </summary>
internal interface IPoisonStore
{
    /// <summary>Counts one more attempt at the message and returns how many there were, this one included. Durable on return.</summary>
    Task<int> CountAsync(string messageKey, CancellationToken cancellationToken);

    Task ClearAsync(string messageKey, CancellationToken cancellationToken);
}
