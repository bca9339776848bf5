using System.Runtime.CompilerServices;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// Every complete Flow Log is judged or says what it waits for, every Evaluator of a revision has a decision, every one
/// that ran left exactly one Evaluator Log.
/// </summary>
internal sealed class FlowCheck(
    ITraceStore traces,
    IRunStore runs,
    IEvaluatorLogStore verdicts,
    TimeProvider time,
    EvaluationPolicy policy)
{
    /// <summary>How late a due run may be taken while a worker is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Each fault as a sentence.</summary>
    public async IAsyncEnumerable<string> CheckAsync(
        StoreCounts counts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var logId in traces.CompleteFlowsAsync(cancellationToken))
        {
            counts.Flows++;
            if (await runs.ReadAsync(logId, cancellationToken) is not { } run)
            {
                yield return $"Flow Log {logId} is complete and has no run.";
                continue;
            }

            if (FaultOf(run, counts) is { } fault)
                yield return fault;
            foreach (var sentence in await VerdictFaultsAsync(run, counts, cancellationToken))
                yield return sentence;
        }
    }

    private string? FaultOf(Run run, StoreCounts counts)
    {
        if (run.State == RunState.Judged)
        {
            counts.Judged++;
            return null;
        }

        if (run.WaitingFor is not null)
        {
            counts.Waiting++;
            return null;
        }

        counts.UnderWay++;
        if (run.Due is null)
            return $"Flow Log {run.LogId} is complete; its run is {Words(run.State)} and waits for nothing.";
        var limit = run.Due.Value + policy.Lease + Patience;
        return time.GetUtcNow() > limit
            ? $"Flow Log {run.LogId} is {Words(run.State)} and was due at {run.Due:yyyy-MM-dd HH:mm:ss}Z, " +
                "but no worker has taken it; is one running?"
            : null;
    }

    private static string Words(RunState state) => state == RunState.Settling ? "settling" : "being evaluated";

    private async Task<List<string>> VerdictFaultsAsync(
        Run run, StoreCounts counts, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var decisions = await runs.DecisionsAsync(run.LogId, cancellationToken);
        var judgments = (await verdicts.ReadAsync([run.LogId], cancellationToken))
            .ToLookup(verdict => (verdict.Revision, verdict.EvaluatorId));
        counts.Decisions += decisions.Count;
        counts.Verdicts += judgments.Sum(group => group.Count());

        foreach (var pin in run.Pins)
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

        return faults;
    }
}
