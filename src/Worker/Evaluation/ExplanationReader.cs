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
        var stored = await logs.ReadAsync([logId], cancellationToken);
        if (!stored.TryGetValue(logId, out var log))
            return null;

        await attachments.RefreshAsync(cancellationToken);
        var run = await runs.ReadAsync(logId, cancellationToken);
        var decisions = await runs.DecisionsAsync(logId, cancellationToken);
        var path = await traces.PathAboveAsync(logId, cancellationToken);
        var isOnCycle = path.Count > 0 && path[^1].ParentId == logId;
        var (noRun, detail) = log.JudgedId is { } judged
            ? Explanation.WhyVerdictIsNotJudged(
                log, (await traces.StandingAsync([judged], cancellationToken)).Count > 0)
            : Explanation.WhyNotJudged(log, run, isOnCycle, log.IsDeleted ? 0 : catalog.AttachedTo(log).Count);
        var fromOutside = await posted.OnAsync(logId, cancellationToken)
            .Take(1)
            .SelectMany(page => page.Take(MostPosted))
            .ToListAsync(cancellationToken);
        var paths = catalog.All.ToDictionary(
            evaluator => evaluator.Id, evaluator => evaluator.Path, StringComparer.Ordinal);
        return new Explanation(
            logId, run, [.. WithThoseFrom(fromOutside, decisions)], paths, fromOutside, noRun, detail);
    }
}
