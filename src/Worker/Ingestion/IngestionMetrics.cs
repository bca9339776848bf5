using System.Diagnostics.Metrics;

namespace Worker.Ingestion;

/// <summary>
/// Keeps account of every message that this process received, as <c>worker.messages.*</c> and for the log at the end.
/// Safe to use from any thread.
/// </summary>
internal sealed class IngestionMetrics : IDisposable
{
    public const string MeterName = "Worker.Ingestion";

    private readonly Meter _meter;
    private long _received, _stored, _unchanged, _collapsed, _absorbed, _refused, _returned;

    public IngestionMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        Count("received", "Messages taken from the broker or the inbox.", () => Interlocked.Read(ref _received));
        Count("stored", "Messages that changed a Log.", () => Interlocked.Read(ref _stored));
        Count("unchanged", "Messages that said nothing new.", () => Interlocked.Read(ref _unchanged));
        Count(
            "collapsed",
            "Repeats of a message that nothing names but its body.",
            () => Interlocked.Read(ref _collapsed));
        Count("absorbed", "Messages to a deleted Log.", () => Interlocked.Read(ref _absorbed));
        Count("refused", "Messages sent to the dead letters.", () => Interlocked.Read(ref _refused));
        Count("returned", "Messages given back, to be delivered again.", () => Interlocked.Read(ref _returned));
    }

    public IngestionTotals Totals => new(
        Interlocked.Read(ref _received),
        Interlocked.Read(ref _stored),
        Interlocked.Read(ref _unchanged),
        Interlocked.Read(ref _collapsed),
        Interlocked.Read(ref _absorbed),
        Interlocked.Read(ref _refused),
        Interlocked.Read(ref _returned));

    public void Received(int messages = 1) => Interlocked.Add(ref _received, messages);

    public void Settled(ChunkResult result)
    {
        Interlocked.Add(ref _stored, result.Stored);
        Interlocked.Add(ref _unchanged, result.Unchanged);
        Interlocked.Add(ref _collapsed, result.Collapsed);
        Interlocked.Add(ref _absorbed, result.Absorbed);
        Interlocked.Add(ref _refused, result.Refused);
    }

    public void Returned(int messages) => Interlocked.Add(ref _returned, messages);

    public void Dispose() => _meter.Dispose();

    private void Count(string what, string description, Func<long> value) =>
        _meter.CreateObservableCounter("worker.messages." + what, value, "{message}", description);
}
