using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>Logs that an index has found, newest first. Each is read when it is its turn.</summary>
internal sealed class FoundLogs(ILogStore logs, IEnumerable<IndexedLog> found) : INewestLogs
{
    private readonly Queue<IndexedLog> _waiting = new(
        found.OrderBy(log => new TraceCursor(log.CreatedAt, log.Id)));

    public async Task<IReadOnlyList<Log>> NextAsync(int count, CancellationToken cancellationToken)
    {
        while (_waiting.Count > 0)
        {
            string[] ids = [.. Enumerable.Range(0, Math.Min(count, _waiting.Count)).Select(_ => _waiting.Dequeue().Id)];
            var read = await logs.ReadAsync(ids, cancellationToken);
            Log[] next = [.. ids.Where(read.ContainsKey).Select(id => read[id]).Where(log => !log.IsDeleted)];
            if (next.Length > 0)
                return next;
        }

        return [];
    }
}
