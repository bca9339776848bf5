using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// What people want kept. There are as many as people pin. Throws <see cref="StoreUnavailableException"/>; what
/// returned is durable.
/// </summary>
internal interface IPinStore
{
    /// <summary>False where it is pinned already: then its time stays.</summary>
    Task<bool> PinAsync(TracePin pin, CancellationToken cancellationToken);

    /// <summary>False where it was not pinned.</summary>
    Task<bool> UnpinAsync(string logId, CancellationToken cancellationToken);

    /// <summary>All of them, the oldest first.</summary>
    Task<IReadOnlyList<TracePin>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Whether one of those Logs is pinned.</summary>
    Task<bool> AnyAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken);
}
