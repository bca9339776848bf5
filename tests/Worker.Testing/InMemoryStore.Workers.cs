using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IWorkerStore
{
    private readonly Dictionary<string, SeenWorker> _workers = new(StringComparer.Ordinal);

    public Task SeeAsync(SeenWorker worker, CancellationToken cancellationToken) =>
        Do(() => { _workers[worker.Id] = worker; });

    Task<IReadOnlyList<SeenWorker>> IWorkerStore.ListAsync(int most, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<SeenWorker> () =>
        [
            .. _workers.Values.OrderByDescending(worker => worker.SeenAt)
                .ThenBy(worker => worker.Id, StringComparer.Ordinal)
                .Take(most),
        ]);

    public Task LeaveAsync(string id, CancellationToken cancellationToken) => Do(() => { _workers.Remove(id); });

    Task IWorkerStore.ForgetAsync(DateTimeOffset until, CancellationToken cancellationToken) => Do(() =>
    {
        foreach (var old in _workers.Values.Where(worker => worker.SeenAt < until).ToList())
            _workers.Remove(old.Id);
    });
}
