using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Worker.Testing;

/// <summary>Makes one meter for each name, which nobody else shares.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly ConcurrentDictionary<string, Meter> _made = new(StringComparer.Ordinal);

    public ICollection<Meter> Made => _made.Values;

    public Meter Create(MeterOptions options) => _made.GetOrAdd(options.Name, _ => new(options));

    public void Dispose()
    {
        foreach (var meter in Made)
            meter.Dispose();
    }
}
