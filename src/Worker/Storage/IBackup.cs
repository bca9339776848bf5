using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// A store that is a file, copied into another one and back; a server has tools of its own for that. What is copied is
/// all that the store holds, at one moment. Throws <see cref="StoreUnavailableException"/> and
/// <see cref="StoreUnusableException"/>, and <see cref="IOException"/> where a file cannot be written.
/// </summary>
internal interface IBackup
{
    /// <summary>
    /// Writes a whole copy, beside workers that may be running, whatever its schema: under another name until it is
    /// known to be sound, so that a file of that name is always whole.
    /// </summary>
    /// <param name="replace">Whether a file of that name may be overwritten.</param>
    Task<BackupReport> WriteAsync(
        string file, bool replace, Action<BackupProgress> show, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the store what the copy is. The copy is looked at first, and the store changes in one step, so that
    /// whoever is killed has changed nothing or all. Needs to be the only process on the store.
    /// </summary>
    /// <param name="replace">Whether a store that holds something may be overwritten.</param>
    Task<BackupReport> RestoreAsync(
        string file, bool replace, Action<BackupProgress> show, CancellationToken cancellationToken);
}
