using Worker.Files;
using Worker.Storage;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IMonitoringStore
{
    private readonly Dictionary<(string FileId, string EvaluatorId), Monitoring> _monitorings = [];

    public Task<bool> SaveAsync(Monitoring monitoring, CancellationToken cancellationToken) => Do(() =>
    {
        var key = (monitoring.FileId, monitoring.EvaluatorId);
        if (_monitorings.TryGetValue(key, out var standing) && !monitoring.IsLaterThan(standing))
            return false;
        _monitorings[key] = monitoring;
        return true;
    });

    Task<IReadOnlyList<Monitoring>> IMonitoringStore.ReadAsync(string? fileId, CancellationToken cancellationToken) =>
        Do(IReadOnlyList<Monitoring> () =>
        [
            .. _monitorings.Values.Where(each => fileId is null || each.FileId == fileId)
                .OrderBy(each => each.FileId, Utf8Order.Instance).ThenBy(each => each.EvaluatorId, Utf8Order.Instance),
        ]);
}
