using System.Diagnostics.Metrics;

namespace Worker.Testing;

/// <summary>Makes meters that nobody shares.</summary>
internal sealed class TestMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
