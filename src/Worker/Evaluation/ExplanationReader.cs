using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>Answers why a Log was judged as it was, or was not.</summary>
internal sealed class ExplanationReader(
    ILogStore logs,
    ITraceStore traces,
    IRunStore runs,
    IPostedVerdictStore posted,
    JudgedTraces judgedTraces,
    VerdictDepth depths,
    EvaluatorCatalog catalog,
    StoredAttachments attachments)
{
    private const int MostPosted = 20;

    /// <summary>
    /// A decision that waits for a verdict from outside is made by that verdict; a person's that was taken back makes
    /// none.
    /// </summary>
    private IEnumerable<Decision> WithThoseFrom(
        IReadOnlyCollection<Log> outside, IEnumerable<Decision> decisions) =>
        decisions.Select(decision => decision.Outcome == Outcome.Waiting
            && outside.FirstOrDefault(log => log.Resolution?.FileId == decision.EvaluatorId && !IsTakenBack(log))
                is { } verdict
                ? decision with
                {
                    Outcome = Outcome.Ran,
                    Reason = $"It came from outside: {verdict.Id}.",
                    At = Timestamps.ToInstant(verdict.FirstReceivedAt),
                }
                : decision);

    private bool IsTakenBack(Log verdict) => verdict.IsTakenBack
        && catalog.All.FirstOrDefault(each => each.Id == verdict.Resolution?.FileId) is { IsHuman: true };

    /// <summary>Null when the Log is not stored. Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task<Explanation?> OfAsync(string logId, CancellationToken cancellationToken)
    {
        var run = await runs.ReadAsync(logId, cancellationToken);
        if (await FindAsync(logId, cancellationToken) is not { } log)
            return run?.JudgedId is null ? null : NotGiven(run);

        await attachments.RefreshAsync(cancellationToken);
        var decisions = await runs.DecisionsAsync(logId, cancellationToken);
        var (noRun, detail) = log.JudgedId is null
            ? await WhyNotJudgedAsync(log, run, cancellationToken)
            : await WhyVerdictIsNotJudgedAsync(log, run, cancellationToken);
        var fromOutside = await posted.OnAsync(logId, cancellationToken)
            .Take(1)
            .SelectMany(page => page.Take(MostPosted))
            .ToListAsync(cancellationToken);
        var paths = catalog.All.ToDictionary(
            evaluator => evaluator.Id, evaluator => evaluator.Path, StringComparer.Ordinal);
        return new Explanation(
            logId, run, [.. WithThoseFrom(fromOutside, decisions)], paths, fromOutside, noRun, detail);
    }

    private static Explanation NotGiven(Run run) => new(
        run.LogId,
        run,
        [],
        new Dictionary<string, string>(),
        [],
        null,
        $"It is a verdict on {run.JudgedId} that is not stored yet.");

    /// <summary>A Log, or a verdict that a worker gave.</summary>
    private async Task<Log?> FindAsync(string logId, CancellationToken cancellationToken) =>
        (await logs.ReadAsync([logId], cancellationToken)).GetValueOrDefault(logId)
        ?? await judgedTraces.FindVerdictAsync(logId, cancellationToken);

    private async Task<(NotJudgedReason? Reason, string? Detail)> WhyNotJudgedAsync(
        Log log, Run? run, CancellationToken cancellationToken)
    {
        var path = await traces.PathAboveAsync(log.Id, cancellationToken);
        var isOnCycle = path.Count > 0 && path[^1].ParentId == log.Id;
        return Explanation.WhyNotJudged(log, run, isOnCycle, log.IsDeleted ? 0 : catalog.AttachedTo(log).Count);
    }

    private async Task<(NotJudgedReason? Reason, string? Detail)> WhyVerdictIsNotJudgedAsync(
        Log verdict, Run? run, CancellationToken cancellationToken)
    {
        var judgedId = verdict.JudgedId!;
        var isStored = (await traces.StandingAsync([judgedId], cancellationToken)).Count > 0
            || await judgedTraces.FindVerdictAsync(judgedId, cancellationToken) is not null;
        var depth = await depths.OfAsync(verdict, cancellationToken);
        return Explanation.WhyVerdictIsNotJudged(
            verdict, run, isStored, depth > depths.Most, catalog.AttachedTo(verdict).Count);
    }
}
