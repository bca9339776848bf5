using System.Globalization;
using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Keeps calls of Evaluators within the budgets: before a call, the most that it may cost is taken from what is left;
/// after it, what it did not cost is given back. A worker that is killed in between has spent the most.
/// </summary>
internal sealed class Spending(
    IBudgetStore budgets, IOptions<BudgetOptions> options, EvaluationMetrics metrics, TimeProvider time)
{
    private readonly Budget _total = options.Value.Budget;

    public EvaluationMetrics Metrics => metrics;

    /// <summary>What was spent in a day by that Evaluator, or by all where it is null.</summary>
    public static string WindowOf(DateTime day, Evaluator? evaluator) =>
        $"{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}/{evaluator?.Id ?? "all"}";

    /// <summary>
    /// Makes one call, if the budgets allow. Throws <see cref="OverBudgetException"/>; what the call throws; and
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<EvaluatorAnswer> SpendAsync(
        Evaluator evaluator, EvaluatorInput input, CancellationToken cancellationToken)
    {
        var day = time.GetUtcNow().UtcDateTime.Date;
        var budgeted = Budgeted(evaluator, day).ToList();
        if (budgeted.Count == 0)
            return await CallAsync(evaluator, input, cancellationToken);

        var most = Amounts(evaluator.Judging.Call!.MostOf(input));
        await ReserveAsync(budgeted, most, day.AddDays(1), cancellationToken);

        // What a call costs that was broken off, nobody knows: it counts in full.
        var spent = most;
        try
        {
            var answer = await CallAsync(evaluator, input, cancellationToken);
            spent = Amounts(answer.Expense);
            return answer;
        }
        catch (Exception failure) when (failure is TransientCallException or EvaluatorPausedException)
        {
            spent = new(1, 0, 0);
            throw;
        }
        finally
        {
            await AddAsync(budgeted, spent - most);
        }
    }

    private async Task<EvaluatorAnswer> CallAsync(
        Evaluator evaluator, EvaluatorInput input, CancellationToken cancellationToken)
    {
        EvaluatorAnswer? answer = null;
        var began = time.GetTimestamp();
        try
        {
            return answer = await evaluator.Judging.Call!.AskAsync(input, cancellationToken);
        }
        finally
        {
            metrics.Called(evaluator, answer, time.GetElapsedTime(began));
        }
    }

    private IEnumerable<(string Window, string Whose, Budget Budget)> Budgeted(Evaluator evaluator, DateTime day)
    {
        if (evaluator.Limits.Budget is { IsBoundless: false } own)
            yield return (WindowOf(day, evaluator), "Its budget", own);
        if (!_total.IsBoundless)
            yield return (WindowOf(day, null), "The budget of all Evaluators", _total);
    }

    private async Task ReserveAsync(
        List<(string Window, string Whose, Budget Budget)> budgeted,
        BudgetAmounts most,
        DateTime until,
        CancellationToken cancellationToken)
    {
        for (var i = 0; i < budgeted.Count; i++)
        {
            var (window, whose, budget) = budgeted[i];
            if (await budgets.TryAddAsync(window, most, budget.Limits, cancellationToken))
                continue;
            await AddAsync(budgeted[..i], default(BudgetAmounts) - most);
            var spent = await budgets.ReadAsync(window, cancellationToken);
            throw new OverBudgetException(
                FormattableString.Invariant(
                    $"{whose} of {budget} a day has no room for it: {spent.Calls} calls, {spent.Tokens} tokens, ") +
                FormattableString.Invariant($"{spent.Cost / 1_000_000m:0.######} $ are spent or set aside."),
                new(until, TimeSpan.Zero));
        }
    }

    /// <summary>Not cancelled, so that a worker that stops leaves the sums right.</summary>
    private async Task AddAsync(
        IEnumerable<(string Window, string Whose, Budget Budget)> budgeted, BudgetAmounts amounts)
    {
        if (amounts == default)
            return;
        foreach (var (window, _, _) in budgeted)
            await budgets.AddAsync(window, amounts, CancellationToken.None);
    }

    private static BudgetAmounts Amounts(Expense expense) =>
        new(1, expense.Tokens, Budget.ToMicro(expense.Cost));
}
