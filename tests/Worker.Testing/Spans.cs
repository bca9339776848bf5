using System.Collections.Concurrent;
using System.Diagnostics;
using Worker.Telemetry;

namespace Worker.Testing;

/// <summary>The spans that end while it listens, other tests' among them.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public Spans()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == WorkerTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> On(string logId) =>
        [.. _ended.Where(span => (string?)span.GetTagItem("worker.log.id") == logId)];

    public IReadOnlyList<Activity> Named(string name) => [.. _ended.Where(span => span.DisplayName == name)];

    public void Dispose() => _listener.Dispose();
}
