using Worker.Errors;
using Worker.Files;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// Files, Versions and deployments. Immutable once stored, deployments apart. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IFileStore
{
    /// <summary>
    /// What is stored of <paramref name="keys"/>, in one round trip. An Environment that is empty again is not among
    /// it.
    /// </summary>
    Task<FileCatalog> ReadAsync(IReadOnlyCollection<CatalogKey> keys, CancellationToken cancellationToken);

    /// <summary>
    /// Adds Files and Versions that are not stored yet; the first stands, and is remembered with the time at which it
    /// was added. A File first known by id alone gains its path. A Version from a worker's own files takes the place of
    /// one that is not, and stays marked (<see cref="FileVersion.IsFromFiles"/>): whoever sends messages may use its id
    /// first, and must not decide what it runs.
    /// </summary>
    Task AddAsync(
        IReadOnlyCollection<LoggedFile> files,
        IReadOnlyCollection<FileVersion> versions,
        CancellationToken cancellationToken);

    /// <summary>
    /// Deploys a Version of a File to an Environment, or empties that; the later stands (see <see cref="Deployment"/>).
    /// The Logs that wait for it are taken up by <see cref="Ingestion.LogWriter.AppearedAsync"/>. Durable on return.
    /// </summary>
    /// <returns>False where it stood already, or something later does.</returns>
    Task<bool> DeployAsync(Deployment deployment, CancellationToken cancellationToken);

    /// <summary>
    /// The ids of Logs that are found by one of <paramref name="keys"/> as what they wait for (see
    /// <see cref="Resolution.Missing"/>): the first <paramref name="limit"/> after <paramref name="after"/>, in an
    /// order of ids that is the store's own and stays. Empty is before all.
    /// </summary>
    Task<IReadOnlyList<string>> WaitingForAsync(
        IReadOnlyCollection<CatalogKey> keys, string after, int limit, CancellationToken cancellationToken);
}
