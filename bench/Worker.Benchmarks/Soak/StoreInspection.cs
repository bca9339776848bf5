using Worker.IntegrationTests.Crash;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// Holds what is stored against what has to be: each Log as its messages merge, every complete Flow Log judged on
/// exactly that content by every Evaluator once, nothing left of what was removed.
/// </summary>
internal sealed class StoreInspection(ILogStore logs, IRunStore runs, IEvaluatorLogStore verdicts)
{
    /// <summary>Those that are shipped, on every Flow.</summary>
    private const int Evaluators = 5;

    private int _rejudged;

    /// <summary>Flow Logs that were found judged more than once.</summary>
    public int Rejudged => _rejudged;

    public void Restart() => _rejudged = 0;

    /// <summary>What is not so, as sentences.</summary>
    /// <param name="isGone">The whole trace was to be removed.</param>
    public async Task<IReadOnlyList<string>> CheckAsync(
        Expected expected, bool isGone, CancellationToken cancellationToken)
    {
        string[] ids = [.. expected.Logs.Keys];
        var stored = await logs.ReadAsync(ids, cancellationToken);
        var given = (await verdicts.ReadAsync(ids, cancellationToken)).ToLookup(
            verdict => verdict.LogId, StringComparer.Ordinal);
        List<string> faults = [];
        foreach (var (id, log) in expected.Logs)
        {
            var found = stored.GetValueOrDefault(id);
            if (isGone && found is { IsDeleted: false })
                faults.Add($"{id} is still stored.");
            else if (!isGone && !IsSame(found, log))
                faults.Add($"{id} is {(found is null ? "not stored" : "not stored as merged")}.");

            // Of Tools and Prompts only those are judged that have Evaluators, and here none has.
            var mayHaveRun = isGone || log.IsDeleted || log.Kind == LogKind.Flow;
            var run = mayHaveRun ? await runs.ReadAsync(id, cancellationToken) : null;
            if (isGone || log.IsDeleted || !log.IsComplete)
                faults.AddRange(NotJudged(log, run, given[id]));
            else if (expected.MembersOf(id).All(stored.ContainsKey))
                faults.AddRange(Judged(id, run, [.. given[id]], DigestOf(id)));
        }

        return faults;

        string DigestOf(string id) => TraceDigest.Of(expected.MembersOf(id).Select(member => stored[member]));
    }

    private static bool IsSame(Log? stored, Log expected) =>
        stored is not null && VisibleContent.Of(stored) == VisibleContent.Of(expected);

    private static IEnumerable<string> NotJudged(Log log, Run? run, IEnumerable<EvaluatorLog> given)
    {
        if (run is not null || given.Any())
            yield return $"{log.Id} has a run or verdicts, and is removed or no complete Flow Log.";
    }

    /// <summary>One verdict of each Evaluator for each revision, and all that the last revision pinned.</summary>
    private IEnumerable<string> Judged(string id, Run? run, IReadOnlyList<EvaluatorLog> given, string digest)
    {
        if (run is not { State: RunState.Judged, Due: null } || run.Digest != digest)
        {
            var state = run is null ? "no run" : $"{run.State}, revision {run.Revision}, {run.WaitingFor}";
            yield return $"{id} is not judged on what it holds: {state}.";
            yield break;
        }

        if (run.Revision > 1)
            Interlocked.Increment(ref _rejudged);
        if (run.Pins.Length != Evaluators || run.Pins.Any(pin => pin.Outcome != Outcome.Ran))
            yield return $"{id} has not had all {Evaluators} Evaluators run on revision {run.Revision}.";
        if (given.GroupBy(verdict => (verdict.Revision, verdict.EvaluatorId)).Any(same => same.Count() > 1))
            yield return $"{id} has two verdicts of one Evaluator on one revision.";
        if (given.Any(verdict => verdict.Error is not null || verdict.Revision > run.Revision))
            yield return $"{id} has a verdict that failed, or on a revision that there is not.";
        var last = given.Where(verdict => verdict.Revision == run.Revision).Select(verdict => verdict.EvaluatorId);
        if (!last.Order(StringComparer.Ordinal).SequenceEqual(
            run.Pins.Select(pin => pin.EvaluatorId).Order(StringComparer.Ordinal)))
            yield return $"{id} has not one verdict of each Evaluator on its last revision, {run.Revision}.";
    }
}
