using Worker.Diagnostics;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Runs that are due for long: nobody claims them, or what claims them gets nowhere, or there are more than the workers
/// can judge. All of a store's, whichever worker should have had them.
/// </summary>
internal sealed class OverdueRunsSign(IRunStore runs, TimeProvider time) : IStallSign
{
    public async Task<Stall?> LookAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var overdue = now - (await runs.BacklogAsync(now, most: 1, cancellationToken)).Oldest;
        return overdue >= after
            ? new Stall($"A finished trace has been due for {Standstill.Text(overdue.Value)} and is not judged")
            : null;
    }
}
