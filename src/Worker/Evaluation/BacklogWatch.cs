using Worker.Errors;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Looks now and then at how far behind the evaluation is and what is left of the budgets, where somebody wants to
/// know: however often that is asked for, the store is asked no more often.
/// </summary>
internal sealed class BacklogWatch(
    IRunStore runs, BudgetsLeft budgets, EvaluationMetrics metrics, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>More due runs than these are counted as so many.</summary>
    private const int Most = 10_000;

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
            var left = await budgets.ReadAsync(now, cancellationToken);
            metrics.Seen(due, oldest is { } since ? now - since : TimeSpan.Zero, left);
        }
        catch (StoreUnavailableException)
        {
            // That is told by those who need it more.
        }
    }
}
