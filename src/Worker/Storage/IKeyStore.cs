using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// The keys of the front. Durable on return. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IKeyStore
{
    /// <summary>Adds a new key. Its id is not there yet.</summary>
    Task AddAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>All there ever were, those that were revoked too, the oldest first.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>False where there is no such key that still opens anything.</summary>
    Task<bool> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);
}
