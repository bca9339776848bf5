using System.Runtime.CompilerServices;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IPostedVerdictStore
{
    public Task<IReadOnlySet<string>> JudgedAmongAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        Do(IReadOnlySet<string> () => logIds.Intersect(Judged()).ToHashSet(StringComparer.Ordinal));

    public Task<IReadOnlyDictionary<string, string>> JudgedByAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        Do(IReadOnlyDictionary<string, string> () => Pick(_logs, logIds).Where(log => log.Value.JudgedId is not null)
            .ToDictionary(log => log.Key, log => log.Value.JudgedId!, StringComparer.Ordinal));

    public async IAsyncEnumerable<IReadOnlyList<Log>> OnAsync(
        string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await Do(() => _logs.Values.Where(log => log.JudgedId == logId).OrderBy(log => log.Id, StringComparer.Ordinal).ToList());
        foreach (var page in found.Chunk(MemberPage.MaxLogs))
            yield return page;
    }

    public IAsyncEnumerable<string> JudgedAsync(CancellationToken cancellationToken) => Walk(Judged);

    private IEnumerable<string> Judged() => _logs.Values.Select(log => log.JudgedId).OfType<string>();
}
