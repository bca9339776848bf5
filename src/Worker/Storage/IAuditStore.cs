using Worker.Errors;

namespace Worker.Storage;

/// <summary>Who did what. Throws <see cref="StoreUnavailableException"/>; what returned is durable.</summary>
internal interface IAuditStore
{
    /// <summary>Puts it in the place of the one with its id, if there is one.</summary>
    Task SaveAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>The newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="before">An entry's id: only those before that one; null: from the newest on.</param>
    /// <param name="limit">As many at most.</param>
    Task<IReadOnlyList<AuditEntry>> ListAsync(
        AuditQuery query, string? before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes those that were begun before; <paramref name="limit"/> at most.</summary>
    /// <returns>How many it were.</returns>
    Task<int> ForgetAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken);
}
