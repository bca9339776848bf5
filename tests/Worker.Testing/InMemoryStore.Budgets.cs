using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IBudgetStore
{
    private readonly Dictionary<string, BudgetAmounts> _budgets = new(StringComparer.Ordinal);

    public Task<bool> TryAddAsync(
        string window, BudgetAmounts amounts, BudgetAmounts limits, CancellationToken cancellationToken) => Do(() =>
    {
        var sum = _budgets.GetValueOrDefault(window) + amounts;
        if (!sum.IsWithin(limits))
            return false;
        _budgets[window] = sum;
        return true;
    });

    public Task AddAsync(string window, BudgetAmounts amounts, CancellationToken cancellationToken) =>
        Do(() => { _budgets[window] = _budgets.GetValueOrDefault(window) + amounts; });

    Task<BudgetAmounts> IBudgetStore.ReadAsync(string window, CancellationToken cancellationToken) =>
        Do(() => _budgets.GetValueOrDefault(window));
}
