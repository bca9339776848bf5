using System.Diagnostics;
using System.Diagnostics.Metrics;
using Worker.Telemetry;

namespace Worker.Storage;

/// <summary>How long the store takes. Safe to use from any thread.</summary>
internal sealed class StoreMetrics
{
    private readonly Histogram<double> _duration;

    public StoreMetrics(IMeterFactory meters) => _duration = meters.Create(WorkerTelemetry.Name).CreateHistogram(
        "worker.store.duration",
        "s",
        "What one operation of the store took, waiting for its turn included, whether or not it succeeded.",
        null,
        Buckets.Short);

    /// <summary>From now until it is disposed. Costs nothing where nobody listens.</summary>
    /// <param name="store"><c>sqlite</c> or <c>mongodb</c>.</param>
    /// <param name="operation"><c>read</c> or <c>write</c>.</param>
    public Timing Time(string store, string operation) =>
        _duration.Enabled ? new(_duration, store, operation, Stopwatch.GetTimestamp()) : default;

    internal readonly record struct Timing(
        Histogram<double>? Duration, string Store, string Operation, long Began) : IDisposable
    {
        public void Dispose() => Duration?.Record(
            Stopwatch.GetElapsedTime(Began).TotalSeconds,
            new KeyValuePair<string, object?>("store", Store),
            new KeyValuePair<string, object?>("operation", Operation));
    }
}
