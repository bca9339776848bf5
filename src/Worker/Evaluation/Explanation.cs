using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>Why a Log was judged as it was, or was not.</summary>
/// <param name="Run">Null when there is none.</param>
/// <param name="Decisions">By revision and Evaluator.</param>
/// <param name="Paths">The paths of the Evaluators by id, as far as the files hold them.</param>
/// <param name="Posted">The first of the verdicts from outside, of which there may be any number.</param>
/// <param name="NotJudged">
/// Why there is nothing to judge, or no run; null when there is one that judges, or will be in a moment.
/// </param>
/// <param name="Detail">A sentence where there is more to say, e.g. what is missing.</param>
internal sealed record Explanation(
    string LogId,
    Run? Run,
    IReadOnlyList<Decision> Decisions,
    IReadOnlyDictionary<string, string> Paths,
    IReadOnlyList<Log> Posted,
    NotJudgedReason? NotJudged,
    string? Detail)
{
    /// <summary>All of it but the decisions, in words.</summary>
    public string Sentence
    {
        get
        {
            var state = Run switch
            {
                null or { Revision: 0 } => "was never judged",
                { State: RunState.Judged } run => $"is judged, revision {run.Revision}",
                { State: RunState.Evaluating } run => $"is being evaluated, revision {run.Revision}",
                var run => $"has new content since revision {run.Revision}, and settles",
            };
            var why = NotJudged is { } noRun ? $" ({EnumName<NotJudgedReason>.Of(noRun)})" : "";
            return $"{LogId} {state}{why}.{(Detail is { } detail ? " " + detail : "")}";
        }
    }

    /// <summary>The decisions, by revision and the Evaluator's path.</summary>
    public IEnumerable<Decision> InOrder =>
        Decisions.OrderBy(decision => decision.Revision).ThenBy(PathOf, StringComparer.Ordinal);

    /// <summary>Of the Evaluator; null where the files do not hold it.</summary>
    public string? PathOf(Decision decision) => Paths.GetValueOrDefault(decision.EvaluatorId);

    /// <param name="isOnCycle">Its parents lead back to it.</param>
    /// <param name="attached">The Evaluators attached to it now.</param>
    public static (NotJudgedReason? Reason, string? Detail) WhyNotJudged(
        Log log, Run? run, bool isOnCycle, int attached)
    {
        var (noRun, detail) = Standing(log, run, isOnCycle, attached);
        var misunderstood = detail is null || log.IsDeleted || RunContent.MissingIn(log) is null
            ? null
            : LogStatuses.UnknownAmong(log.Problems);
        return (noRun, misunderstood is null ? detail : $"{detail} Its {misunderstood}");
    }

    /// <param name="isStored">Whether what it is on is stored.</param>
    /// <param name="isTooDeep">Deeper than verdicts are judged.</param>
    /// <param name="attached">The Evaluators attached to it now.</param>
    public static (NotJudgedReason? Reason, string? Detail) WhyVerdictIsNotJudged(
        Log verdict, Run? run, bool isStored, bool isTooDeep, int attached)
    {
        var (reason, detail) = run is { Revision: > 0 } ? (null, null)
            : isTooDeep && attached > 0
                ? (NotJudgedReason.TooDeep, "It lies deeper than Evaluation:MaxDepth has verdicts judged.")
            : Standing(verdict, run, isOnCycle: false, attached);
        var on = $"It is a verdict on {verdict.JudgedId}{(isStored ? "" : ", which is not stored yet")}.";
        return (reason, detail is null ? on : $"{on} {detail}");
    }

    private static (NotJudgedReason? Reason, string? Detail) Standing(Log log, Run? run, bool isOnCycle, int attached)
    {
        if (log.IsDeleted)
            return (NotJudgedReason.Deleted, "The Log was deleted.");
        if (isOnCycle)
            return (NotJudgedReason.Cycle, "Its parents lead back to it: send a trace_parent_id that ends the cycle.");
        if (run is { Revision: > 0 } && (attached > 0 || !run.Pins.IsEmpty))
            return (null, null);
        if (log.IsHistory)
            return (
                NotJudgedReason.NotAttached,
                "It is history, which no Evaluator judges: worker import --judge has it judged.");
        if (attached == 0)
            return (NotJudgedReason.NotAttached, "No Evaluator is attached to it.");
        if (RunContent.MissingIn(log) is { } missing)
            return (NotJudgedReason.NotComplete, $"It waits for {missing}.");
        return (null, run is null ? "Its run is not opened yet." : "It settles.");
    }
}
