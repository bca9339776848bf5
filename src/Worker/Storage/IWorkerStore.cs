using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// Who shares the store: each process writes itself down, again and again. Throws
/// <see cref="StoreUnavailableException"/>; what returned is durable.
/// </summary>
internal interface IWorkerStore
{
    /// <summary>Writes a process down; what it wrote of itself before is gone.</summary>
    Task SeeAsync(SeenWorker worker, CancellationToken cancellationToken);

    /// <summary>Those that are written down, who was seen last first.</summary>
    Task<IReadOnlyList<SeenWorker>> ListAsync(int most, CancellationToken cancellationToken);

    /// <summary>Takes one out. Nothing happens where it is not there.</summary>
    Task LeaveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Takes out who was last seen before.</summary>
    Task ForgetAsync(DateTimeOffset until, CancellationToken cancellationToken);
}
