using Worker.Runs;
using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IEvaluatorLogStore
{
    private readonly Dictionary<string, EvaluatorLog> _verdicts = new(StringComparer.Ordinal);

    public IReadOnlyList<EvaluatorLog> StoredVerdicts
    {
        get
        {
            lock (_lock)
                return [.. _verdicts.Values];
        }
    }

    public Task AddAsync(IReadOnlyCollection<EvaluatorLog> logs, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var log in logs.Where(log => _runs.ContainsKey(log.LogId)))
            _verdicts.TryAdd(log.Id, log);
    });

    Task<IReadOnlyList<EvaluatorLog>> IEvaluatorLogStore.ReadAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<EvaluatorLog> () =>
        [
            .. _verdicts.Values
                .Where(log => logIds.Contains(log.LogId))
                .OrderBy(log => log.LogId, StringComparer.Ordinal)
                .ThenBy(log => log.Revision)
                .ThenBy(log => log.EvaluatorId, StringComparer.Ordinal),
        ]);

    public Task<string?> JudgedByAsync(string id, CancellationToken cancellationToken) =>
        Do(() => _verdicts.GetValueOrDefault(id)?.LogId);

    public IAsyncEnumerable<string> LogsWithVerdictsAsync(CancellationToken cancellationToken) =>
        Walk(() => _verdicts.Values.Select(log => log.LogId));
}
