using Worker.Errors;
using Worker.Evaluation;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>Answers why a Log was judged as it was, or was not.</summary>
internal sealed class ExplanationReader(
    ILogStore logs, ITraceStore traces, IRunStore runs, EvaluatorCatalog catalog, StoredAttachments attachments)
{
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
        var (noRun, detail) = Explanation.Of(log, run, isOnCycle, log.IsDeleted ? 0 : catalog.AttachedTo(log).Count);
        var paths = catalog.All.ToDictionary(
            evaluator => evaluator.Id, evaluator => evaluator.Path, StringComparer.Ordinal);
        return new Explanation(logId, run, decisions, paths, noRun, detail);
    }
}
