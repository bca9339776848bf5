using Worker.Audit;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Writes down what becomes of Evaluators in a worker: each worker for itself, but for what is new at its start. Why
/// one is paused is not said here, because those who answer for it may repeat a secret: explain says it.
/// </summary>
internal sealed class EvaluatorAudit(AuditTrail trail, IFileStore files)
{
    private static readonly IReadOnlyDictionary<AuditAct, List<Evaluator>> None =
        new Dictionary<AuditAct, List<Evaluator>>();

    /// <summary>Those whose Version nobody has stored yet: added where their File is new, too.</summary>
    public async Task<IReadOnlyDictionary<AuditAct, List<Evaluator>>> UnknownAsync(
        IReadOnlyCollection<Evaluator> evaluators, CancellationToken cancellationToken)
    {
        if (evaluators.Count == 0)
            return None;
        var keys = evaluators.SelectMany(
            each => new CatalogKey[] { new FileKey(each.Id), new VersionKey(each.VersionId) });
        var stored = await files.ReadAsync([.. keys], cancellationToken);
        return evaluators.Where(each => !stored.Versions.ContainsKey(each.VersionId))
            .GroupBy(each => stored.Files.ContainsKey(each.Id) ? AuditAct.EvaluatorChanged : AuditAct.EvaluatorAdded)
            .ToDictionary(group => group.Key, group => group.ToList());
    }

    public async Task NoteAsync(IReadOnlyDictionary<AuditAct, List<Evaluator>> changes)
    {
        foreach (var (act, evaluators) in changes)
            await trail.NoteAsync(act, RecordOf(evaluators));
    }

    /// <summary>What is different now: of the Version, or of what and how it judges.</summary>
    public Task NoteAsync(IReadOnlyCollection<Evaluator> before, IReadOnlyCollection<Evaluator> after)
    {
        var was = before.ToDictionary(each => each.Id, StringComparer.Ordinal);
        var ids = after.Select(each => each.Id).ToHashSet(StringComparer.Ordinal);
        return NoteAsync(new Dictionary<AuditAct, List<Evaluator>>
        {
            [AuditAct.EvaluatorAdded] = [.. after.Where(each => !was.ContainsKey(each.Id))],
            [AuditAct.EvaluatorChanged] =
                [.. after.Where(each => was.TryGetValue(each.Id, out var old) && !IsSame(old, each))],
            [AuditAct.EvaluatorRemoved] = [.. before.Where(each => !ids.Contains(each.Id))],
        }.Where(change => change.Value.Count > 0).ToDictionary());
    }

    public Task PausedAsync(Evaluator evaluator) => trail.NoteAsync(AuditAct.EvaluatorPaused, RecordOf([evaluator]));

    public Task ResumedAsync(Evaluator evaluator) => trail.NoteAsync(AuditAct.EvaluatorResumed, RecordOf([evaluator]));

    private static bool IsSame(Evaluator one, Evaluator other) =>
        one.VersionId == other.VersionId && one.Path == other.Path && one.Sampling == other.Sampling
        && one.When?.Text == other.When?.Text && one.Limits == other.Limits
        && one.Attachments.Select(each => each.ToString()).SequenceEqual(
            other.Attachments.Select(each => each.ToString()), StringComparer.Ordinal);

    private static ActRecord RecordOf(IReadOnlyList<Evaluator> evaluators)
    {
        var record = new ActRecord { Note = string.Join(", ", evaluators.Select(each => each.Path)) };
        foreach (var evaluator in evaluators)
            record.Add(evaluator.Id, evaluator.VersionId);
        return record;
    }
}
