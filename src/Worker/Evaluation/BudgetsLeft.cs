using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>What is left of today's budgets (UTC). Throws <see cref="StoreUnavailableException"/>.</summary>
internal sealed class BudgetsLeft(IBudgetStore budgets, EvaluatorCatalog catalog, IOptions<BudgetOptions> total)
{
    /// <summary>Budgets that are looked at; a label has no room for more.</summary>
    private const int Most = 200;

    /// <summary>
    /// By the Evaluator's path, or <c>all</c>: from 1, all of it, to 0. The store is asked once for each.
    /// </summary>
    public async Task<IReadOnlyList<(string Path, double Left)>> ReadAsync(
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var left = new List<(string, double)>();
        foreach (var (path, window, budget) in Windows(now.UtcDateTime.Date).Take(Most))
            left.Add((path, budget.LeftOf(await budgets.ReadAsync(window, cancellationToken))));
        return left;
    }

    private IEnumerable<(string Path, string Window, Budget Budget)> Windows(DateTime day)
    {
        if (total.Value.Budget is { IsBoundless: false } all)
            yield return ("all", Spending.WindowOf(day, null), all);
        foreach (var evaluator in catalog.All)
        {
            if (evaluator.Limits.Budget is { IsBoundless: false } own)
                yield return (evaluator.Path, Spending.WindowOf(day, evaluator), own);
        }
    }
}
