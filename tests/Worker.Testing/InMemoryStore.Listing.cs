using System.Runtime.CompilerServices;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : ILogListing
{
    public Task<long> CountAsync(LogRange range, CancellationToken cancellationToken) => Do(() => (long)Of(range).Count());

    public Task<IReadOnlyList<string>> PageAsync(
        LogRange range, int skip, int take, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<string> () => [.. Of(range).Skip(skip).Take(take).Select(log => log.Id)]);

    async IAsyncEnumerable<IReadOnlyCollection<Log>> ILogListing.ReadAsync(
        LogRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new MemberPage();
        foreach (var log in await Do(() => Of(range).ToList()))
        {
            page.Add(log);
            if (page.IsFull)
                yield return page.Take();
        }

        if (!page.IsEmpty)
            yield return page.Take();
    }

    public async IAsyncEnumerable<IReadOnlyCollection<Log>> AllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var page in (await Do(() => _logs.Values.Where(log => !log.IsDeleted).ToList())).Chunk(MemberPage.MaxLogs))
            yield return page;
    }

    private IEnumerable<Log> Of(LogRange range) => _logs.Values
        .Where(log => log.Resolution?.FileId == range.FileId && log.CreatedAt >= range.From && log.CreatedAt < range.Until)
        .OrderByDescending(log => log.CreatedAt)
        .ThenByDescending(log => log.Id, StringComparer.Ordinal);
}
