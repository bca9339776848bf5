using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Looks now and then at how far behind the evaluation is and what is left of the budgets, where somebody wants to
/// know: however often that is asked for, the store is asked no more often.
/// </summary>
internal sealed class BacklogWatch(
    IRunStore runs,
    IBudgetStore budgets,
    EvaluatorCatalog catalog,
    EvaluationMetrics metrics,
    IOptions<BudgetOptions> total,
    TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>More due runs than these are counted as so many.</summary>
    private const int Most = 10_000;

    /// <summary>Budgets that are looked at; a label has no room for more.</summary>
    private const int Budgets = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            if (metrics.WantsBacklog)
                await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>What the store does not say now, stays as it was.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            var (due, oldest) = await runs.BacklogAsync(now, Most, cancellationToken);
            var left = await LeftAsync(now, cancellationToken);
            metrics.Seen(due, oldest is { } since ? now - since : TimeSpan.Zero, left);
        }
        catch (StoreUnavailableException)
        {
            // That is told by those who need it more.
        }
    }

    private async Task<IReadOnlyList<(string Path, double Left)>> LeftAsync(
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var day = now.UtcDateTime.Date;
        var left = new List<(string, double)>();
        foreach (var (path, window, budget) in Windows(day).Take(Budgets))
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
