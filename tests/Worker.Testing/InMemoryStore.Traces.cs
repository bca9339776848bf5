using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : ITraceStore
{
    private readonly Dictionary<string, TraceLabel> _labels = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<Ancestor>> AncestorsAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<Ancestor> () =>
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            return [.. ids.SelectMany(id => Chain(id, seen)).Select(
                log => new Ancestor(log.Id, log.Kind, log.IsComplete))];
        });

    public IAsyncEnumerable<IReadOnlyList<Log>> MembersAsync(string logId, CancellationToken cancellationToken) =>
        Paged(() => Living(logId) is { } head ? [head, .. Beneath(logId)] : []);

    public IAsyncEnumerable<IReadOnlyList<Log>> OutlineAsync(string logId, CancellationToken cancellationToken) =>
        Paged(() => Living(logId) is { } head ? [Outline(head), .. Beneath(logId).Select(Outline)] : []);

    public IAsyncEnumerable<IReadOnlyList<Log>> BeneathAsync(string logId, CancellationToken cancellationToken) =>
        Paged(() => Beneath(logId));

    private async IAsyncEnumerable<IReadOnlyList<Log>> Paged(Func<List<Log>> read)
    {
        var page = new MemberPage();
        foreach (var member in await Do(read))
        {
            page.Add(member);
            if (page.IsFull)
                yield return page.Take();
        }

        if (!page.IsEmpty)
            yield return page.Take();
    }

    public Task<IReadOnlyList<Log>> PathAboveAsync(string logId, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<Log> () => [.. Chain(logId, new HashSet<string>(StringComparer.Ordinal))]);

    public Task LabelAsync(IReadOnlyCollection<TraceLabel> labels, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var label in labels.Where(label => _logs.ContainsKey(label.LogId)))
            _labels[label.LogId] = label;
    });

    public Task<IReadOnlyDictionary<string, TraceLabel>> LabelsAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        Do(IReadOnlyDictionary<string, TraceLabel> () => Pick(_labels, logIds));

    public Task<IReadOnlySet<string>> StandingAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        Do(IReadOnlySet<string> () => ids.Where(id => Living(id) is not null).ToHashSet(StringComparer.Ordinal));

    public IAsyncEnumerable<string> CompleteFlowsAsync(CancellationToken cancellationToken) =>
        Walk(() => _logs.Values.Where(log => log.IsComplete && !log.IsDeleted).Select(log => log.Id));

    private static Log Outline(Log log) => new()
    {
        Id = log.Id,
        Kind = log.Kind,
        Fields = [.. log.Fields.Where(entry => entry.Value is not null && LogFields.IsDrawn(entry.Field)).Select(entry => entry with { Stamp = Stamp.Lowest })],
        Parents = log.ParentId is { } parent ? [parent] : [],
        Problems = log.Problems,
        HadOutput = log.HadOutput,
        HadError = log.HadError,
        OutcomeAt = log.OutcomeAt,
        OutcomeSentAt = log.OutcomeSentAt,
        CompletionRequestedAt = log.CompletionRequestedAt,
        CompletionSentAt = log.CompletionSentAt,
        FirstReceivedAt = log.FirstReceivedAt,
        Version = log.Version,
    };

    private List<Log> Beneath(string logId)
    {
        var children = _logs.Values.Where(log => log.ParentId is not null && !log.IsDeleted).ToLookup(
            log => log.ParentId!);
        var seen = new HashSet<string>(StringComparer.Ordinal) { logId };
        var members = children[logId].Where(child => seen.Add(child.Id)).ToList();
        for (var next = 0; next < members.Count; next++)
            members.AddRange(children[members[next].Id].Where(child => seen.Add(child.Id)));
        return members;
    }

    private IEnumerable<Log> Chain(string? id, HashSet<string> seen)
    {
        while (id is not null && seen.Add(id) && Living(id) is { } log)
        {
            yield return log;
            id = log.ParentId;
        }
    }

    private Log? Living(string id) => _logs.TryGetValue(id, out var log) && !log.IsDeleted ? log : null;
}
