using Worker.Errors;

namespace Worker.Storage.Sqlite;

/// <summary>
/// Makes <c>worker run</c> the only one on its folder: the file <c>worker.lock</c>, locked for as long as this lives.
/// The system releases it when the process ends, however it ends.
/// </summary>
internal sealed class WorkerLock : IDisposable
{
    private readonly FileStream _file;

    private WorkerLock(FileStream file) => _file = file;

    /// <summary>
    /// Throws <see cref="StoreUnusableException"/> when another holds it, or the folder cannot be written.
    /// </summary>
    public static WorkerLock Take(string folder)
    {
        var path = Path.Combine(Path.GetFullPath(folder), "worker.lock");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new WorkerLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception exception) when (exception is IOException && File.Exists(path))
        {
            throw new StoreUnusableException(
                $"Another worker process holds {path}: end it, or set Storage:Path to another folder for this one.",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException(
                $"{path} cannot be made ({exception.Message}): set Storage:Path to a folder that may be written.",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
