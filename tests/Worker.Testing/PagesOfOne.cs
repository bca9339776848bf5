using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>Traces of which no two Logs fit into one page.</summary>
internal sealed class PagesOfOne(ITraceStore traces) : ITraceStore
{
    /// <summary>Called before each page is read, with its number.</summary>
    public Func<int, Task> BeforePage { get; set; } = _ => Task.CompletedTask;

    public async IAsyncEnumerable<IReadOnlyList<Log>> MembersAsync(
        string logId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        await BeforePage(number);
        await foreach (var log in traces.MembersAsync(logId, cancellationToken).SelectMany(page => page))
        {
            yield return [log];
            await BeforePage(++number);
        }
    }

    public IAsyncEnumerable<IReadOnlyList<Log>> OutlineAsync(string logId, CancellationToken cancellationToken) =>
        traces.OutlineAsync(logId, cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<Log>> BeneathAsync(string logId, CancellationToken cancellationToken) =>
        traces.BeneathAsync(logId, cancellationToken);

    public Task<IReadOnlyList<Ancestor>> AncestorsAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        traces.AncestorsAsync(ids, cancellationToken);

    public Task<IReadOnlySet<string>> StandingAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        traces.StandingAsync(ids, cancellationToken);

    public Task<IReadOnlyList<Log>> PathAboveAsync(string logId, CancellationToken cancellationToken) =>
        traces.PathAboveAsync(logId, cancellationToken);

    public Task LabelAsync(IReadOnlyCollection<TraceLabel> labels, CancellationToken cancellationToken) =>
        traces.LabelAsync(labels, cancellationToken);

    public Task<IReadOnlyDictionary<string, TraceLabel>> LabelsAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        traces.LabelsAsync(logIds, cancellationToken);

    public IAsyncEnumerable<string> CompleteFlowsAsync(CancellationToken cancellationToken) =>
        traces.CompleteFlowsAsync(cancellationToken);
}
