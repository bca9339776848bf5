using System.Runtime.CompilerServices;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IPostedVerdictStore
{
    public Task<IReadOnlySet<string>> JudgedAmongAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        Do(IReadOnlySet<string> () => logIds.Intersect(Judged()).ToHashSet(StringComparer.Ordinal));

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
