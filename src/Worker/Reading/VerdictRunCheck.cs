using Worker.Runs;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// Every run of a verdict that a worker gave is judged, or will be; is as deep as what it is on says; and is none that
/// outlived it.
/// </summary>
internal sealed class VerdictRunCheck(IRunStore runs, IEvaluatorLogStore verdicts, RunCheck check)
{
    /// <summary>Each fault as a sentence.</summary>
    /// <param name="run">Of a verdict (see <see cref="Run.JudgedId"/>).</param>
    public async Task<IReadOnlyList<string>> FaultsOfAsync(
        Run run, StoreCounts counts, CancellationToken cancellationToken)
    {
        counts.JudgedVerdicts++;
        var judgedId = run.JudgedId!;
        var isStored = (await verdicts.ReadAsync([judgedId], cancellationToken)).Any(each => each.Id == run.LogId);
        var above = await runs.ReadAsync(judgedId, cancellationToken);
        var faults = new List<string>();
        if (above is not null && run.Depth != above.Depth + 1)
            faults.Add($"Verdict {run.LogId} is on {judgedId} and has depth {run.Depth}, not {above.Depth + 1}.");
        if (run.State != RunState.Judged && check.OverdueFault(run, Words(run, isStored)) is { } overdue)
            faults.Add(overdue);
        else if (run.State == RunState.Judged && !isStored)
            faults.Add($"Verdict {run.LogId} on {judgedId} is not stored, and still has a run that is judged.");
        faults.AddRange((await check.VerdictFaultsAsync(run, cancellationToken)).Faults);
        return faults;
    }

    private static string Words(Run run, bool isStored) => isStored
        ? $"Verdict {run.LogId} on {run.JudgedId} has an Evaluator attached"
        : $"Verdict {run.LogId} on {run.JudgedId} is not stored";
}
