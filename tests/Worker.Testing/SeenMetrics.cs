using System.Diagnostics.Metrics;
using Worker.Telemetry;

namespace Worker.Testing;

/// <summary>
/// What the instruments of those meters say: the sum of a counter, the last of a gauge, how many a histogram took.
/// </summary>
internal sealed class SeenMetrics : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string Labels), double> _seen = [];
    private readonly MeterListener _listener = new();

    public SeenMetrics(TestMeters meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == WorkerTelemetry.Name && meters.Made.Contains(instrument.Meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <param name="labels">The values of the labels, in their order.</param>
    public double? Of(string name, params string[] labels)
    {
        _listener.RecordObservableInstruments();
        lock (_lock)
            return _seen.TryGetValue((name, string.Join(',', labels)), out var value) ? value : null;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = (instrument.Name, string.Join(',', tags.ToArray().Select(tag => tag.Value)));
        lock (_lock)
        {
            _seen[key] = instrument switch
            {
                { IsObservable: true } => value,
                Histogram<long> or Histogram<double> => _seen.GetValueOrDefault(key) + 1,
                _ => _seen.GetValueOrDefault(key) + value,
            };
        }
    }
}
