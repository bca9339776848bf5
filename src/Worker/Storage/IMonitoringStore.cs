using Worker.Errors;
using Worker.Files;

namespace Worker.Storage;

/// <summary>
/// Evaluators that were attached to Files while workers run. There are as many as people attach, so they are read
/// whole. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IMonitoringStore
{
    /// <summary>
    /// Remembers it for its File and Evaluator; the later stands (see <see cref="Monitoring"/>). Durable on return.
    /// </summary>
    /// <returns>False where it stood already, or something later does.</returns>
    Task<bool> SaveAsync(Monitoring monitoring, CancellationToken cancellationToken);

    /// <summary>Those of a File, or all where it is null; the inactive ones included, by File and Evaluator.</summary>
    Task<IReadOnlyList<Monitoring>> ReadAsync(string? fileId, CancellationToken cancellationToken);
}
