using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Worker.Telemetry;

namespace Worker.Ingestion;

/// <summary>
/// Keeps account of every message that this process received, as metrics and for the log at the end; chunk by chunk,
/// so that telling it costs no message anything. Safe to use from any thread.
/// </summary>
internal sealed class IngestionMetrics : IDisposable
{
    /// <summary>A letter that was moved by hand keeps the reason that its sender wrote.</summary>
    private const int Reasons = 32;

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Histogram<long> _chunkMessages;
    private readonly Histogram<double> _chunkDuration;
    private readonly Counter<long> _letters;
    private readonly BoundedLabel _reasons = new(Reasons);
    private readonly ObservableGauge<long> _queued;
    private readonly ConcurrentDictionary<string, long> _depths = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<long> _inHand = new();
    private long _received, _stored, _unchanged, _collapsed, _absorbed, _refused, _returned;
    private int _isPaused;

    public IngestionMetrics(IMeterFactory meters, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _meter = meters.Create(WorkerTelemetry.Name);
        _meter.CreateObservableCounter(
            "worker.messages.received",
            () => Interlocked.Read(ref _received),
            "{message}",
            "Messages taken from the broker or the inbox.");
        _meter.CreateObservableCounter(
            "worker.messages.settled", Outcomes, "{message}", "What became of the messages that were received.");
        _meter.CreateObservableUpDownCounter(
            "worker.messages.held",
            () => Math.Max(0, Totals.InHand),
            "{message}",
            "Messages that are taken and not settled yet.");
        _meter.CreateObservableGauge(
            "worker.messages.held.age",
            () => HeldFor.TotalSeconds,
            "s",
            "How long the oldest message of the chunks in hand is held.");
        _meter.CreateObservableGauge(
            "worker.ingestion.paused",
            () => Volatile.Read(ref _isPaused),
            "{pause}",
            "1 while no messages are taken, because store or broker does not answer.");
        _chunkMessages = _meter.CreateHistogram(
            "worker.chunk.size", "{message}", "Messages written together.", null, Buckets.Counts);
        _chunkDuration = _meter.CreateHistogram(
            "worker.chunk.duration",
            "s",
            "From when a chunk's oldest message was taken until the chunk was durable and settled.",
            null,
            Buckets.Short);
        _letters = _meter.CreateCounter<long>("worker.dead_letters", "{message}", "Dead letters sent.");
        _queued = _meter.CreateObservableGauge(
            "worker.queue.messages", Depths, "{message}", "Messages that are ready in a queue of the broker.");
    }

    /// <summary>Somebody wants to know how deep the queues are.</summary>
    public bool WantsDepths => _queued.Enabled;

    /// <summary>No messages are taken, because store or broker does not answer.</summary>
    public bool IsPaused => Volatile.Read(ref _isPaused) == 1;

    /// <summary>How many messages are ready in the broker's queues, by name, where somebody wants to know.</summary>
    public IReadOnlyDictionary<string, long> QueueDepths => _depths;

    public IngestionTotals Totals => new(
        Interlocked.Read(ref _received),
        Interlocked.Read(ref _stored),
        Interlocked.Read(ref _unchanged),
        Interlocked.Read(ref _collapsed),
        Interlocked.Read(ref _absorbed),
        Interlocked.Read(ref _refused),
        Interlocked.Read(ref _returned));

    /// <summary>How long the oldest message of the chunks in hand is held.</summary>
    public TimeSpan HeldFor => _inHand.TryPeek(out var since) ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    public void Received(int messages = 1) => Interlocked.Add(ref _received, messages);

    public void Settled(ChunkResult result)
    {
        Interlocked.Add(ref _stored, result.Stored);
        Interlocked.Add(ref _unchanged, result.Unchanged);
        Interlocked.Add(ref _collapsed, result.Collapsed);
        Interlocked.Add(ref _absorbed, result.Absorbed);
        Interlocked.Add(ref _refused, result.Refused);
    }

    /// <summary>All that is held has been given back.</summary>
    public void Returned(int messages)
    {
        Interlocked.Add(ref _returned, messages);
        _inHand.Clear();
    }

    public void ChunkBegan(HeldChunk chunk) => _inHand.Enqueue(chunk.Since);

    /// <summary>Chunks end in the order in which they began.</summary>
    public void ChunkEnded(HeldChunk chunk)
    {
        _inHand.TryDequeue(out _);
        _chunkMessages.Record(chunk.Messages.Count);
        _chunkDuration.Record(_time.GetElapsedTime(chunk.Since).TotalSeconds);
    }

    public void LetterSent(string reason) =>
        _letters.Add(1, new KeyValuePair<string, object?>("reason", _reasons.Of(reason)));

    public void Paused(bool isPaused) => Volatile.Write(ref _isPaused, isPaused ? 1 : 0);

    /// <summary>Null where nobody knows it any more.</summary>
    public void QueueHas(string queue, long? messages)
    {
        if (messages is { } depth)
            _depths[queue] = depth;
        else
            _depths.TryRemove(queue, out _);
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Outcomes()
    {
        var totals = Totals;
        yield return Of(totals.Stored, "stored");
        yield return Of(totals.Unchanged, "unchanged");
        yield return Of(totals.Collapsed, "collapsed");
        yield return Of(totals.Absorbed, "absorbed");
        yield return Of(totals.Refused, "refused");
        yield return Of(totals.Returned, "returned");

        static Measurement<long> Of(long value, string outcome) =>
            new(value, new KeyValuePair<string, object?>("outcome", outcome));
    }

    private IEnumerable<Measurement<long>> Depths() => _depths.Select(
        each => new Measurement<long>(each.Value, new KeyValuePair<string, object?>("queue", each.Key)));
}
