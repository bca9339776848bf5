using Worker.Runs;
using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IRunStore, IAttemptStore
{
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string LogId, int Revision, string EvaluatorId), Decision> _decisions = [];
    private readonly Dictionary<string, (string LogId, string Owner, DateTimeOffset Until)> _attempts = new(
        StringComparer.Ordinal);

    public IReadOnlyList<Run> StoredRuns
    {
        get
        {
            lock (_lock)
                return [.. _runs.Values];
        }
    }

    public Task WakeAsync(IReadOnlyCollection<Wake> wakes, WakeTimers timers, DateTimeOffset now, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var wake in wakes)
        {
            var run = _runs.GetValueOrDefault(wake.LogId) ?? new Run
            {
                LogId = wake.LogId,
                OpenedAt = now,
                Depth = wake.Depth,
                JudgedId = wake.JudgedId,
            };
            var complete = run.Complete || wake.Complete;
            _runs[wake.LogId] = run with
            {
                Version = run.Version + 1,
                Complete = complete,
                Due = timers.Due(now, complete, run.Revision, run.OpenedAt) ?? run.Due,
            };
        }
    });

    public Task<IReadOnlyList<string>> ClaimDueAsync(
        DateTimeOffset now, DateTimeOffset latestDue, string owner, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<string> () =>
        {
            var due = _runs.Values
                .Where(run => (run.Due <= now || run.Due > latestDue) && !Holds(run.LeaseUntil, now, leaseUntil))
                .OrderBy(run => run.Due)
                .Take(limit)
                .ToList();
            foreach (var run in due)
                _runs[run.LogId] = run with { Owner = owner, LeaseUntil = leaseUntil };
            return [.. due.Select(run => run.LogId)];
        });

    public Task RenewAsync(string logId, string owner, DateTimeOffset leaseUntil, CancellationToken cancellationToken) => Do(() =>
    {
        if (_runs.TryGetValue(logId, out var run) && run.Owner == owner)
            _runs[logId] = run with { LeaseUntil = leaseUntil };
    });

    public Task<(long Due, DateTimeOffset? Oldest)> BacklogAsync(DateTimeOffset now, int most, CancellationToken cancellationToken) =>
        Do((long, DateTimeOffset?) () =>
        {
            var due = _runs.Values.Where(run => run.Due <= now).Take(most).ToList();
            return (due.Count, due.Min(run => run.Due));
        });

    Task<Run?> IRunStore.ReadAsync(string logId, CancellationToken cancellationToken) => Do(
        () => _runs.GetValueOrDefault(logId));

    public Task<bool> SaveAsync(
        Run run, IReadOnlyCollection<Decision> decisions, CancellationToken cancellationToken) =>
        JudgeAsync(run, run, decisions, [], cancellationToken);

    public Task<bool> JudgeAsync(
        Run begun, Run judged, IReadOnlyCollection<Decision> decisions, IReadOnlyCollection<EvaluatorLog> verdicts, CancellationToken cancellationToken) => Do(() =>
    {
        if (!_runs.TryGetValue(judged.LogId, out var stored) || stored.Version != judged.Version)
            return false;

        _runs[judged.LogId] = judged with { Version = judged.Version + 1 };
        foreach (var decision in decisions)
            _decisions[(decision.LogId, decision.Revision, decision.EvaluatorId)] = decision;
        foreach (var verdict in verdicts)
            _verdicts.TryAdd(verdict.Id, verdict);
        return true;
    });

    public Task<IReadOnlyList<Decision>> DecisionsAsync(string logId, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<Decision> () =>
        [
            .. _decisions.Values
                .Where(decision => decision.LogId == logId)
                .OrderBy(decision => decision.Revision)
                .ThenBy(decision => decision.EvaluatorId, StringComparer.Ordinal),
        ]);

    public IAsyncEnumerable<string> LogsWithRunsAsync(CancellationToken cancellationToken) => Walk(() => _runs.Keys);

    public IAsyncEnumerable<string> LogsWithDecisionsAsync(CancellationToken cancellationToken) =>
        Walk(() => _decisions.Keys.Select(key => key.LogId));

    public Task<IReadOnlyList<string>> JudgedVerdictsAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<string> () => JudgedVerdicts(logIds));

    public Task DropAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) => Do(() =>
    {
        var all = new List<string>(logIds);
        for (var level = logIds; level.Count > 0; all.AddRange(level))
            level = JudgedVerdicts(level);
        foreach (var logId in all)
        {
            _runs.Remove(logId);
            Remove(_decisions, decision => decision.LogId == logId);
            Remove(_attempts, attempt => attempt.LogId == logId);
            Remove(_verdicts, verdict => verdict.LogId == logId);
        }
    });

    public Task<bool> TryTakeAsync(string attemptId, string logId, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) => Do(() =>
    {
        if (_attempts.TryGetValue(attemptId, out var held) && held.Owner != owner && Holds(held.Until, now, until))
            return false;

        _attempts[attemptId] = (logId, owner, until);
        return true;
    });

    private List<string> JudgedVerdicts(IReadOnlyCollection<string> logIds) =>
    [
        .. _runs.Values
            .Where(run => run.JudgedId is { } judged && logIds.Contains(judged))
            .Select(run => run.LogId)
            .Order(StringComparer.Ordinal),
    ];

    private static bool Holds(DateTimeOffset? lease, DateTimeOffset now, DateTimeOffset until) =>
        lease > now && lease <= Leases.Latest(until);

    private static void Remove<TKey, TValue>(Dictionary<TKey, TValue> all, Predicate<TValue> unwanted)
        where TKey : notnull
    {
        foreach (var key in all.Where(item => unwanted(item.Value)).Select(item => item.Key).ToList())
            all.Remove(key);
    }
}
