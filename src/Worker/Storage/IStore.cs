using Worker.Errors;

namespace Worker.Storage;

/// <summary>The store as a whole.</summary>
internal interface IStore
{
    /// <summary>
    /// What it is and where the data lies, as one short phrase for the start-up lines. Holds no secret.
    /// </summary>
    string Description { get; }

    /// <summary>
    /// Any number of workers may use it at once: a server. One that is not shared is the file of one worker.
    /// </summary>
    bool IsShared { get; }

    /// <summary>
    /// False for a file that nothing has been written to yet. Of a server nothing is known, and it is taken to exist.
    /// </summary>
    bool Exists { get; }

    /// <summary>
    /// Keeps other workers off until disposed; null where the store is shared. Throws
    /// <see cref="StoreUnusableException"/> when another worker holds it.
    /// </summary>
    IDisposable? Hold();

    /// <summary>
    /// Makes the store ready: schema, indexes, migrations. Idempotent; safe when several workers start together. Throws
    /// <see cref="StoreUnavailableException"/>, or <see cref="StoreUnusableException"/> when waiting will not help.
    /// </summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Answers when the store takes a write; throws <see cref="StoreUnavailableException"/> when it does not.
    /// </summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}
