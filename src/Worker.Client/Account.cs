using System.Diagnostics.Metrics;

namespace Worker.Client;

/// <summary>
/// What became of every call: counted here, told as metrics of the meter <c>Worker.Client</c>. Safe for concurrent use.
/// </summary>
internal sealed class Account : IDisposable
{
    public const string MeterName = "Worker.Client";

    private static readonly string[] Reasons = ["memory_full", "too_large", "unserializable", "closed", "shutdown"];

    private readonly MemoryQueue _queue;
    private readonly Meter _meter;
    private readonly bool _isOwner;
    private readonly Counter<long> _enqueuedMetric, _publishedMetric, _spooledMetric, _forwardedMetric, _droppedMetric;
    private readonly long[] _dropped = new long[Reasons.Length];
    private long _enqueued, _published, _spooled, _forwarded;

    /// <param name="meters">Null: a meter of its own.</param>
    /// <param name="spoolBytes">What is on disk now.</param>
    public Account(MemoryQueue queue, IMeterFactory? meters, Func<long> spoolBytes)
    {
        _queue = queue;
        _isOwner = meters is null;
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _enqueuedMetric = Counter("enqueued", "Calls that were taken.");
        _publishedMetric = Counter("published", "Calls that the broker confirmed.");
        _spooledMetric = Counter("spooled", "Calls that were written to the spool.");
        _forwardedMetric = Counter("forwarded", "Calls of the spool that the broker confirmed.");
        _droppedMetric = Counter("dropped", "Calls that are sent nowhere, by reason.");
        _meter.CreateObservableUpDownCounter(
            "worker.client.memory.messages", () => queue.Messages, "{message}", "Calls held in memory.");
        _meter.CreateObservableUpDownCounter(
            "worker.client.memory.size", () => queue.Bytes, "By", "The bytes of calls held in memory.");
        _meter.CreateObservableUpDownCounter(
            "worker.client.spool.size", spoolBytes, "By", "The bytes of the spool.");

        Counter<long> Counter(string name, string description) =>
            _meter.CreateCounter<long>($"worker.client.{name}", "{message}", description);
    }

    public void Enqueued() => Count(ref _enqueued, 1, _enqueuedMetric);

    public void Published(int messages) => Count(ref _published, messages, _publishedMetric);

    public void Spooled(int messages) => Count(ref _spooled, messages, _spooledMetric);

    public void Forwarded(int messages) => Count(ref _forwarded, messages, _forwardedMetric);

    public void Dropped(DropReason reason, int messages)
    {
        Interlocked.Add(ref _dropped[(int)reason], messages);
        _droppedMetric.Add(messages, new KeyValuePair<string, object?>("reason", Reasons[(int)reason]));
    }

    public WorkerClientCounts Read()
    {
        var dropped = DroppedByReason();
        var afterwards = dropped[(int)DropReason.Shutdown];
        return new WorkerClientCounts(
            Interlocked.Read(ref _enqueued),
            Interlocked.Read(ref _published),
            Interlocked.Read(ref _spooled),
            Interlocked.Read(ref _forwarded),
            dropped.Sum() - afterwards,
            afterwards,
            _queue.Messages);
    }

    public long[] DroppedByReason() => [.. _dropped.Select((_, reason) => Interlocked.Read(ref _dropped[reason]))];

    /// <summary>As a sentence has it: <c>memory_full 3, too_large 1</c>.</summary>
    public static string Describe(long[] byReason) => string.Join(
        ", ", Reasons.Zip(byReason).Where(each => each.Second > 0).Select(each => $"{each.First} {each.Second}"));

    /// <summary>A meter that a factory made is the factory's.</summary>
    public void Dispose()
    {
        if (_isOwner)
            _meter.Dispose();
    }

    private static void Count(ref long count, int messages, Counter<long> metric)
    {
        Interlocked.Add(ref count, messages);
        metric.Add(messages);
    }
}
