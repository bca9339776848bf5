using Microsoft.Extensions.Options;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>What the saga does at each event: reads the store, lets <see cref="EvaluationProgress"/> decide, stamps labels.</summary>
internal sealed class EvaluationSteps(
    ITraceStore traces,
    IEvaluatorLogStore verdicts,
    EvaluatorCatalog catalog,
    HandOver handOver,
    OpenClaims claims,
    IOptions<TraceOptions> traceOptions,
    IOptions<EvaluationOptions> options,
    TimeProvider time)
{
    private readonly EvaluationPolicy _policy = new(traceOptions.Value.Timers, traceOptions.Value.Late, options.Value.Lease);

    /// <summary>A run was claimed as due. Null when there is nothing to save.</summary>
    public async Task<RunChange?> LookAsync(Run run, CancellationToken cancellationToken)
    {
        var change = EvaluationProgress.IsDue(run, _policy, time.GetUtcNow())
            ? await DecideAsync(run, cancellationToken)
            : EvaluationProgress.Release(run);
        if (change is not { RunsEvaluators: true })
            claims.Close(run.LogId);
        return change;
    }

    /// <summary>Verdicts may have come. Null when there is nothing to save.</summary>
    public async Task<RunChange?> FinishAsync(Run run, CancellationToken cancellationToken)
    {
        claims.Close(run.LogId);
        return EvaluationProgress.Finish(run, await verdicts.ReadAsync([run.LogId], cancellationToken));
    }

    private async Task<RunChange> DecideAsync(Run run, CancellationToken cancellationToken)
    {
        var members = await traces.MembersAsync(run.LogId, cancellationToken);
        var content = members.Count == 0 ? null : RunContent.Of(members, catalog.AttachedTo(members[0]));
        var known = run.Revision == 0 ? [] : await verdicts.ReadAsync([run.LogId], cancellationToken);
        var change = EvaluationProgress.Look(run, content, known, _policy, time.GetUtcNow());

        // Before the change is saved: a worker that ends in between leaves the run due, and the labels are stamped again.
        if (change.Begins && members[0].Kind == LogKind.Flow)
            await LabelAsync(change.Run, members, cancellationToken);
        if (!change.Late.IsEmpty)
            await traces.LabelAsync(TraceLabels.Late(change.Late), cancellationToken);
        if (change.Begins && change.RunsEvaluators)
            handOver.Put(run.LogId, change.Run.Digest!, members);
        return change;
    }

    private async Task LabelAsync(Run run, IReadOnlyList<Log> members, CancellationToken cancellationToken)
    {
        var isNested = members[0].ParentId is not null;
        var labels = TraceLabels.Of(members, isNested ? await traces.PathAboveAsync(run.LogId, cancellationToken) : [members[0]]);

        // The first time an outermost trace settles hardly any label stands, so reading them first would cost more than it saves.
        if (isNested || run.Revision > 1 || _policy.Late == LatePolicy.Ignore)
            labels = TraceLabels.Changed(labels, await traces.LabelsAsync([.. labels.Select(label => label.LogId)], cancellationToken), _policy.Late);
        if (labels.Count > 0)
            await traces.LabelAsync(labels, cancellationToken);
    }
}
