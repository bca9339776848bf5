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

    /// <summary>Runs of traces that were judged more than once, of those that were last checked.</summary>
    public int Rejudged { get; set; }

    /// <summary>What is not so, as sentences.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(Expected expected, bool isGone, CancellationToken cancellationToken)
    {
        string[] ids = [.. expected.Logs.Keys];
        var stored = await logs.ReadAsync(ids, cancellationToken);
        var given = (await verdicts.ReadAsync(ids, cancellationToken)).ToLookup(verdict => verdict.LogId, StringComparer.Ordinal);
        List<string> faults = [];
        foreach (var (id, log) in expected.Logs)
        {
            var found = stored.GetValueOrDefault(id);
            if (isGone || log.IsDeleted || !log.IsComplete || !log.MayHeadTrace)
            {
                if (isGone ? found is { IsDeleted: false } : !IsSame(found, log))
                    faults.Add($"{id} is {(found is null ? "not stored" : isGone ? "still stored" : "not stored as merged")}.");
                if (given[id].Any() || ((log.IsDeleted || log.Kind == LogKind.Flow) && await runs.ReadAsync(id, cancellationToken) is not null))
                    faults.Add($"{id} has a run or verdicts, and is {(isGone || log.IsDeleted ? "deleted" : "no complete Flow Log")}.");
                continue;
            }

            if (!IsSame(found, log))
                faults.Add($"{id} is {(found is null ? "not stored" : "not stored as merged")}.");
            else if (expected.MembersOf(id).All(stored.ContainsKey))
                faults.AddRange(Judged(id, await runs.ReadAsync(id, cancellationToken), [.. given[id]], TraceDigest.Of(expected.MembersOf(id).Select(member => stored[member]))));
        }

        return faults;
    }

    private static bool IsSame(Log? stored, Log expected) =>
        stored is not null && VisibleContent.Of(stored) == VisibleContent.Of(expected);

    /// <summary>One verdict of each Evaluator for each revision, and all that the last revision pinned.</summary>
    private IEnumerable<string> Judged(string id, Run? run, IReadOnlyList<EvaluatorLog> given, string digest)
    {
        if (run is not { State: RunState.Judged, Due: null } || run.Digest != digest)
        {
            yield return $"{id} is not judged on what it holds (its run: {run?.State.ToString() ?? "none"}, revision {run?.Revision}).";
            yield break;
        }

        if (run.Revision > 1)
            Rejudged++;
        if (run.Pins.Length != Evaluators || run.Pins.Any(pin => pin.Outcome != Outcome.Ran))
            yield return $"{id} has not had all {Evaluators} Evaluators run on revision {run.Revision}.";
        if (given.GroupBy(verdict => (verdict.Revision, verdict.EvaluatorId)).Any(same => same.Count() > 1))
            yield return $"{id} has two verdicts of one Evaluator on one revision.";
        if (given.Any(verdict => verdict.Error is not null || verdict.Revision > run.Revision))
            yield return $"{id} has a verdict that failed, or on a revision that there is not.";
        if (!run.Pins.Select(pin => pin.EvaluatorId).Order(StringComparer.Ordinal).SequenceEqual(
            given.Where(verdict => verdict.Revision == run.Revision).Select(verdict => verdict.EvaluatorId).Order(StringComparer.Ordinal)))
            yield return $"{id} has not one verdict of each Evaluator on its last revision, {run.Revision}.";
    }
}
