using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IAuditStore
{
    private readonly SortedDictionary<string, AuditEntry> _audit = new(StringComparer.Ordinal);

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<AuditEntry> StoredAudit
    {
        get
        {
            lock (_lock)
                return [.. _audit.Values];
        }
    }

    public Task SaveAsync(AuditEntry entry, CancellationToken cancellationToken) => Do(() => { _audit[entry.Id] = entry; });

    public Task<IReadOnlyList<AuditEntry>> ListAsync(
        AuditQuery query, string? before, int limit, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<AuditEntry> () =>
        [
            .. _audit.Values.Reverse()
                .Where(entry => query.Matches(entry) && (before is null || string.CompareOrdinal(entry.Id, before) < 0))
                .Take(limit),
        ]);

    public Task<int> ForgetAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken) => Do(() =>
    {
        var old = _audit.Values.Where(entry => entry.At < until).Take(limit).Select(entry => entry.Id).ToList();
        foreach (var id in old)
            _audit.Remove(id);
        return old.Count;
    });
}
