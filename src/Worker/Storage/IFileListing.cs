using Worker.Errors;
using Worker.Files;

namespace Worker.Storage;

/// <summary>
/// Files and their Versions as lists: for people, not for the drain. A store may cut instants to milliseconds. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IFileListing
{
    /// <summary>
    /// A page of the Files that match, and how many these are. Looks at every File, of which there are far fewer than
    /// Logs.
    /// </summary>
    Task<(IReadOnlyList<StoredFile> Files, long Total)> ListAsync(
        FileQuery query, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Null where it is not stored.</summary>
    Task<StoredFile?> FindAsync(string fileId, CancellationToken cancellationToken);

    /// <summary>
    /// The Versions of a File, newest first: <paramref name="take"/> of them after the first <paramref name="skip"/>.
    /// Or the one of that id, where it is the File's. Read from an index; each may be as large as a message.
    /// </summary>
    Task<IReadOnlyList<StoredVersion>> VersionsAsync(
        string fileId, string? versionId, int skip, int take, CancellationToken cancellationToken);

    /// <summary>
    /// What is deployed to which Environment of a File, by the Environments' names. Read from an index.
    /// </summary>
    Task<IReadOnlyList<Deployment>> DeploymentsAsync(string fileId, CancellationToken cancellationToken);
}
