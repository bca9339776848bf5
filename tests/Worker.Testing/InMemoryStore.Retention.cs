using System.Runtime.CompilerServices;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IAgeListing, IRemovalStore, IPinStore, ISpace
{
    private readonly SortedDictionary<string, Removal> _removals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TracePin> _pins = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<IReadOnlyList<OldLog>> OldestAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var standing = await Do(() => _logs.Values.Where(log => !log.IsDeleted).OrderBy(log => log.FirstReceivedAt).ToList());
        foreach (var page in standing.Chunk(10))
            yield return [.. page.Select(log => new OldLog(log.Id, log.ParentId ?? log.JudgedId))];
    }

    public Task<IReadOnlyList<string>> TombstonesAsync(
        DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<string> () =>
        [
            .. _logs.Values.Where(log => log.DeletedAt < Timestamps.ToMicroseconds(until))
                .OrderBy(log => log.DeletedAt)
                .Select(log => log.Id)
                .Take(limit),
        ]);

    public Task SaveAsync(Removal removal, CancellationToken cancellationToken) =>
        Do(() => { _removals[removal.Id] = removal; });

    public Task<IReadOnlyList<Removal>> OpenAsync(CancellationToken cancellationToken) =>
        Do(IReadOnlyList<Removal> () => [.. _removals.Values]);

    public Task CloseAsync(string id, CancellationToken cancellationToken) => Do(() => { _removals.Remove(id); });

    public Task<int> ForgetAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) => Do(() =>
    {
        var tombstones = Pick(_logs, logIds).Values.Where(log => log.IsDeleted).ToList();
        foreach (var log in tombstones)
        {
            _logs.Remove(log.Id);
            _labels.Remove(log.Id);
        }

        return tombstones.Count;
    });

    public Task<bool> PinAsync(TracePin pin, CancellationToken cancellationToken) =>
        Do(() => _pins.TryAdd(pin.LogId, pin));

    public Task<bool> UnpinAsync(string logId, CancellationToken cancellationToken) => Do(() => _pins.Remove(logId));

    Task<IReadOnlyList<TracePin>> IPinStore.ListAsync(CancellationToken cancellationToken) =>
        Do(IReadOnlyList<TracePin> () => [.. _pins.Values.OrderBy(pin => pin.At)]);

    public Task<bool> AnyAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        Do(() => logIds.Any(_pins.ContainsKey));

    /// <summary>The values of Logs alone.</summary>
    public Task<long> InUseAsync(CancellationToken cancellationToken) =>
        Do(() => _logs.Values.Sum(log => (long)LogSize.Of(log)));

    public Task<long> GiveBackAsync(CancellationToken cancellationToken) => Do(() => 0L);

    public Task<long> CompactAsync(CancellationToken cancellationToken) => Do(() => 0L);
}
