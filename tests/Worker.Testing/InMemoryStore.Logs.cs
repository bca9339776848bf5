using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : ILogStore
{
    private readonly Dictionary<string, Log> _logs = new(StringComparer.Ordinal);

    /// <summary>All that is stored, tombstones included.</summary>
    public IReadOnlyList<Log> StoredLogs
    {
        get
        {
            lock (_lock)
                return [.. _logs.Values];
        }
    }

    Task<IReadOnlyDictionary<string, Log>> ILogStore.ReadAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        Do(IReadOnlyDictionary<string, Log> () => Pick(_logs, ids));

    public Task<LogWriteResult> WriteAsync(IReadOnlyCollection<Log> logs, CancellationToken cancellationToken) => Do(() =>
    {
        var lost = new List<string>();
        var tooLarge = new List<string>();
        foreach (var log in logs)
        {
            if (SizeOf(log) > LogDocument.MaxBytes)
                tooLarge.Add(log.Id);
            else if ((_logs.TryGetValue(log.Id, out var stored) ? stored.Version : 0) != log.Version)
                lost.Add(log.Id);
            else
                _logs[log.Id] = log with { Version = log.Version + 1 };
        }

        return new LogWriteResult(lost, tooLarge);
    });

    private static Dictionary<string, T> Pick<T>(Dictionary<string, T> all, IEnumerable<string> ids) =>
        ids.Distinct(StringComparer.Ordinal).Where(all.ContainsKey).ToDictionary(
            id => id, id => all[id], StringComparer.Ordinal);

    private static long SizeOf(Log log) => log.Fields.Sum(entry => (long)(entry.Value?.Utf8.Length ?? 0));
}
