using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// What is being removed, so that whoever is killed at it leaves word to the next. Throws
/// <see cref="StoreUnavailableException"/>; what returned is durable.
/// </summary>
internal interface IRemovalStore
{
    /// <summary>Puts it in the place of the one with its <see cref="Removal.Id"/>, if there is one.</summary>
    Task SaveAsync(Removal removal, CancellationToken cancellationToken);

    /// <summary>All that are open, in the order of ids: a few, one for each worker that was killed.</summary>
    Task<IReadOnlyList<Removal>> OpenAsync(CancellationToken cancellationToken);

    /// <summary>It has ended. Free to repeat.</summary>
    Task CloseAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the tombstones among those Logs, with their labels, for good: nothing says any longer that there was
    /// such a Log. One that stands is left alone. Free to repeat.
    /// </summary>
    /// <returns>How many it were.</returns>
    Task<int> ForgetAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken);
}
