using Worker.Errors;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// Log documents. Every method throws <see cref="StoreUnavailableException"/> when the store cannot answer; what
/// returned is durable, and seen by every later read of any worker.
/// </summary>
internal interface ILogStore
{
    /// <summary>
    /// The stored Logs among <paramref name="ids"/>, tombstones included, by id. Ids that are not stored are absent.
    /// </summary>
    Task<IReadOnlyDictionary<string, Log>> ReadAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Writes each Log whose stored version still is its <see cref="Log.Version"/> (0: not stored); the stored version
    /// becomes one more. Each id occurs at most once.
    /// </summary>
    /// <returns>
    /// The ids that lost a race, or whose document is too large for the store (see <see cref="LogWriteResult"/>).
    /// </returns>
    Task<LogWriteResult> WriteAsync(IReadOnlyCollection<Log> logs, CancellationToken cancellationToken);
}
