using System.Diagnostics.Metrics;
using Worker.Telemetry;

namespace Worker.Masking;

/// <summary>Counts what was masked, by kind: the worker's and the operator's, all known from the start.</summary>
internal sealed class MaskingMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _masked = meters.Create(WorkerTelemetry.Name).CreateCounter<long>(
        "worker.masked", "{mask}", "What was masked before it was written.");

    public void Add(MaskCounts? counts)
    {
        if (counts is null)
            return;
        foreach (var (kind, count) in counts.ByKind)
            _masked.Add(count, new KeyValuePair<string, object?>("kind", kind));
    }
}
