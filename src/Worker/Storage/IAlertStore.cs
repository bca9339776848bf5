using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// How it stands with the alerts. Throws <see cref="StoreUnavailableException"/>; what returned is durable.
/// </summary>
internal interface IAlertStore
{
    /// <summary>All of them, by name; a few, as many as there ever were files.</summary>
    Task<IReadOnlyList<AlertState>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Null when there is none.</summary>
    Task<AlertState?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Puts it in the place of the one whose stored version is <see cref="AlertState.Version"/>, none being 0; the
    /// stored version becomes one more.
    /// </summary>
    /// <returns>False when another writer was first: then nothing is written.</returns>
    Task<bool> SaveAsync(AlertState state, CancellationToken cancellationToken);
}
