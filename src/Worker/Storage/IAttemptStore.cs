using Worker.Errors;
using Worker.Runs;

namespace Worker.Storage;

/// <summary>
/// Leases on attempts at evaluating, so that one worker at a time makes one. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IAttemptStore
{
    /// <summary>
    /// Takes the attempt until <paramref name="until"/>, when nobody holds it at <paramref name="now"/>, or
    /// <paramref name="owner"/> itself does: then it is renewed. A lease after <see cref="Leases.Latest"/> holds
    /// nothing.
    /// </summary>
    /// <returns>False when another holds it.</returns>
    Task<bool> TryTakeAsync(
        string attemptId,
        string logId,
        string owner,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellationToken);
}
