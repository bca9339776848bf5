using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// What was spent in a window, e.g. by an Evaluator in a day. Exact over any number of workers. Throws
/// <see cref="StoreUnavailableException"/>; what returned is durable. A call that failed may have counted.
/// </summary>
internal interface IBudgetStore
{
    /// <summary>
    /// Adds to what was spent in that window, unless any amount would be above its limit then: all, or nothing.
    /// </summary>
    /// <returns>False where nothing was added.</returns>
    Task<bool> TryAddAsync(
        string window, BudgetAmounts amounts, BudgetAmounts limits, CancellationToken cancellationToken);

    /// <summary>Corrects what was spent in that window, by amounts that may be negative.</summary>
    Task AddAsync(string window, BudgetAmounts amounts, CancellationToken cancellationToken);

    /// <summary>Nothing where nothing was spent.</summary>
    Task<BudgetAmounts> ReadAsync(string window, CancellationToken cancellationToken);
}
