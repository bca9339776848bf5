using System.Runtime.CompilerServices;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// Every complete Flow Log is judged or says what it waits for, every Evaluator of a revision has a decision, every one
/// that ran left exactly one Evaluator Log.
/// </summary>
internal sealed class FlowCheck(ITraceStore traces, IRunStore runs, RunCheck check)
{
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
            var (faults, decisions, verdicts) = await check.VerdictFaultsAsync(run, cancellationToken);
            counts.Decisions += decisions;
            counts.Verdicts += verdicts;
            foreach (var sentence in faults)
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
        return check.OverdueFault(run, $"Flow Log {run.LogId} is complete");
    }
}
