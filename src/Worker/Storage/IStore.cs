namespace Worker.Storage;

/// <summary>The store as a whole.</summary>
internal interface IStore
{
    /// <summary>What it is and where the data lies, as one short phrase for the start-up lines. Holds no secret.</summary>
    string Description { get; }

    /// <summary>
    /// Makes the store ready: schema, indexes, migrations. Idempotent; safe when several workers start together.
    /// Throws <see cref="StoreUnavailableException"/>, or <see cref="StoreUnusableException"/> when waiting will not help.
    /// </summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Answers when the store takes a write; throws <see cref="StoreUnavailableException"/> when it does not.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}
