using Worker.Errors;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Reads traces in outline, and then page by page with their verdicts. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class TraceReader(
    ITraceStore traces,
    ILogStore logs,
    IEvaluatorLogStore verdicts,
    IPostedVerdictStore posted,
    IRunStore runs,
    IFileStore files)
{
    /// <summary>The Log and everything under it; null when it is not stored or was deleted.</summary>
    public async Task<TraceView?> ReadAsync(string logId, CancellationToken cancellationToken)
    {
        var path = await traces.PathAboveAsync(logId, cancellationToken);
        return path.Count == 0 ? null : await ReadAsync(logId, Outermost(path), cancellationToken);
    }

    /// <summary>
    /// As <see cref="ReadAsync(string, CancellationToken)"/>, from the head of the trace that the Log belongs to.
    /// </summary>
    public async Task<TraceView?> ReadWholeAsync(string logId, CancellationToken cancellationToken)
    {
        var path = await traces.PathAboveAsync(logId, cancellationToken);
        if (path.Count == 0)
            return null;
        var outermost = Outermost(path);
        return await ReadAsync(outermost?.Id ?? logId, outermost, cancellationToken);
    }

    /// <summary>The outermost Flow Log above that Log, itself included; null where none is stored.</summary>
    public async Task<string?> TraceIdAsync(string logId, CancellationToken cancellationToken) =>
        Outermost(await traces.PathAboveAsync(logId, cancellationToken))?.Id;

    /// <summary>What was read already, as people see it.</summary>
    /// <param name="shape">Of the Log that is asked for, and of what is under it; no late Log among them.</param>
    public async Task<TraceView> OutlineAsync(TraceShape shape, FlowSums sums, CancellationToken cancellationToken) =>
        View(shape, sums, Outermost(await traces.PathAboveAsync(shape.Ids[0], cancellationToken)), lateLogs: 0);

    /// <summary>
    /// Every Log of the view, in the order of its lines, as it is by then. What was deleted meanwhile is left out, with
    /// what was under it.
    /// </summary>
    public IAsyncEnumerable<TraceEntry> EntriesAsync(TraceView view, CancellationToken cancellationToken) =>
        EntriesAsync(view, withVerdicts: true, cancellationToken);

    /// <inheritdoc cref="EntriesAsync(TraceView, CancellationToken)"/>
    /// <param name="held">The view's only Log, where that is in no log store.</param>
    public IAsyncEnumerable<TraceEntry> EntriesAsync(
        TraceView view, bool withVerdicts, CancellationToken cancellationToken, Log? held = null) =>
        new TraceEntries(view, withVerdicts, held, logs, verdicts, posted, runs, files).ReadAsync(cancellationToken);

    private async Task<TraceView?> ReadAsync(string headId, Log? outermost, CancellationToken cancellationToken)
    {
        var shape = new TraceShape();
        var sums = new FlowSums(shape);
        var late = 0;
        await foreach (var page in traces.MembersAsync(headId, cancellationToken))
        {
            var labels = await traces.LabelsAsync([.. page.Select(member => member.Id)], cancellationToken);
            foreach (var member in page)
            {
                if (IsInTime(member, shape, labels))
                {
                    shape.Add(member);
                    sums.Add(member);
                }
                else
                {
                    late++;
                }
            }
        }

        return shape.Count == 0 ? null : View(shape, sums, outermost, late);
    }

    private static TraceView View(TraceShape shape, FlowSums sums, Log? outermost, int lateLogs) => new()
    {
        Shape = shape,
        Lines = TraceOutline.Lines(shape),
        Sums = sums,
        Outermost = outermost,
        LateLogs = lateLogs,
    };

    /// <summary>
    /// The head is in time, and so is a Log that is not late itself and is under one that is in time.
    /// </summary>
    private static bool IsInTime(Log member, TraceShape shape, IReadOnlyDictionary<string, TraceLabel> labels) =>
        shape.Count == 0
        || (member.ParentId is { } parent && shape.PlaceOf(parent) >= 0
            && labels.GetValueOrDefault(member.Id) is not { Late: true });

    /// <summary>The highest Flow Log of a path upward; what is on a cycle belongs to no trace.</summary>
    public static Log? Outermost(IReadOnlyList<Log> path)
    {
        var cycle = path.TakeWhile(log => log.Id != path[^1].ParentId).Count();
        return path.Take(cycle).LastOrDefault(log => log.MayHeadTrace);
    }
}
