using Worker.Traces;

namespace Worker.Storage;

/// <summary>Files, Versions and deployments. Immutable once stored, deployments apart. Throws <see cref="StoreUnavailableException"/>.</summary>
internal interface IFileStore
{
    /// <summary>What is stored of <paramref name="keys"/> (see <see cref="VersionRequest"/> for the keys), in one round trip.</summary>
    Task<FileCatalog> ReadAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>Adds Files and Versions that are not stored yet; the first stands. A File first known by id alone gains its path.</summary>
    Task AddAsync(IReadOnlyCollection<TraceFile> files, IReadOnlyCollection<FileVersion> versions, CancellationToken cancellationToken);

    /// <summary>Deploys a Version of a File to an Environment; the last stands.</summary>
    Task DeployAsync(Deployment deployment, CancellationToken cancellationToken);

    /// <summary>Logs stored as unresolved that wait for one of <paramref name="keys"/>, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<string>> WaitingForAsync(IReadOnlyCollection<string> keys, int limit, CancellationToken cancellationToken);
}
