using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Writes the labels of a trace, a page at a time: a store writes one thing after the other, and others wait for it.
/// Free to repeat. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class LabelStamp(ITraceStore traces, IOptions<TraceOptions> options)
{
    private const int Page = 1_000;

    private readonly LatePolicy _late = options.Value.Late;

    /// <summary>Labels every Log of a trace that has settled.</summary>
    public async Task SettleAsync(Run run, OpenTrace trace, CancellationToken cancellationToken)
    {
        // The head as it was judged: it may be deleted by now.
        var head = trace.Head!;
        var isNested = head.ParentId is not null;
        IReadOnlyList<Log> path = head.ParentId is { } parent
            ? [head, .. await traces.PathAboveAsync(parent, cancellationToken)]
            : [head];

        // The first time an outermost trace settles hardly any label stands, so reading them first would cost more than
        // it saves.
        var mayStand = isNested || run.Revision > 1 || _late == LatePolicy.Ignore;
        foreach (var page in TraceLabels.Settled(trace.Shape.Ids, path).Chunk(Page))
        {
            var labels = mayStand
                ? TraceLabels.Changed(
                    page, await traces.LabelsAsync([.. page.Select(label => label.LogId)], cancellationToken), _late)
                : page;
            if (labels.Count > 0)
                await traces.LabelAsync(labels, cancellationToken);
        }
    }

    /// <summary>Labels Logs that came after judgement.</summary>
    public async Task LateAsync(IEnumerable<string> logIds, CancellationToken cancellationToken)
    {
        foreach (var page in TraceLabels.Late(logIds).Chunk(Page))
            await traces.LabelAsync(page, cancellationToken);
    }
}
