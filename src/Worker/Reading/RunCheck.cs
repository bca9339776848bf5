using Worker.Runs;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>What has to hold of a run, whatever it judges.</summary>
internal sealed class RunCheck(
    IRunStore runs, IEvaluatorLogStore verdicts, TimeProvider time, EvaluationPolicy policy)
{
    /// <summary>How late a due run may be taken while a worker is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Of a run that is not judged: null where it is going to be, or looked at again.</summary>
    /// <param name="log">What it judges, in words that begin a sentence.</param>
    public string? OverdueFault(Run run, string log)
    {
        if (run.Due is null)
            return $"{log}; its run is {Words(run.State)} and waits for nothing.";
        var limit = run.Due.Value + policy.Lease + Patience;
        return time.GetUtcNow() > limit
            ? $"{log}; its run is {Words(run.State)} and was due at {run.Due:yyyy-MM-dd HH:mm:ss}Z, " +
                "but no worker has taken it; is one running?"
            : null;
    }

    /// <summary>
    /// Every Evaluator of the revision that has answered has a decision, and every one that ran left exactly one
    /// Evaluator Log.
    /// </summary>
    public async Task<(IReadOnlyList<string> Faults, int Decisions, int Verdicts)> VerdictFaultsAsync(
        Run run, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var decisions = await runs.DecisionsAsync(run.LogId, cancellationToken);
        var judgments = (await verdicts.ReadAsync([run.LogId], cancellationToken))
            .ToLookup(verdict => (verdict.Revision, verdict.EvaluatorId));

        // What an Evaluator is still asked for is decided with its answer; a run that is left is told by its due time.
        foreach (var pin in run.Pins.Where(pin => run.State == RunState.Judged || !pin.IsWaiting))
        {
            if (!decisions.Any(made => made.Revision == run.Revision && made.EvaluatorId == pin.EvaluatorId))
                faults.Add($"Revision {run.Revision} of {run.LogId} has no decision for Evaluator {pin.EvaluatorId}.");
        }

        foreach (var decision in decisions.Where(decision => decision.Outcome is Outcome.Ran))
        {
            var found = judgments[(decision.Revision, decision.EvaluatorId)].Count();
            if (found == 1)
                continue;
            faults.Add(
                $"Evaluator {decision.EvaluatorId} ran on revision {decision.Revision} of {run.LogId} " +
                $"and has {found} Evaluator Logs; it must have exactly one.");
        }

        return (faults, decisions.Count, judgments.Sum(group => group.Count()));
    }

    private static string Words(RunState state) => state == RunState.Settling ? "settling" : "being evaluated";
}
