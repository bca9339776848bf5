using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Worker.Storage;
using Worker.Telemetry;

namespace Worker.Publishing;

/// <summary>
/// The account of what the local inbox keeps for the broker. A place is reserved before anything is sent anywhere, so
/// that a message whose confirm does not come has one in any case: what is refused for want of room was sent nowhere.
/// Safe for concurrent use.
/// </summary>
internal sealed class Spill(IOptions<SpillOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _messages, _bytes, _reserved;
    private int _adding;
    private DateTimeOffset _oldest;

    public bool IsEnabled => options.Value.MaxBytes > 0;

    /// <summary>Something waits here, and what comes now has to wait behind it.</summary>
    public bool IsInUse => Volatile.Read(ref _messages) > 0;

    /// <summary>What waits here now.</summary>
    public InboxSize Size
    {
        get
        {
            lock (_lock)
                return new(_messages, _bytes, _messages > 0 ? _oldest : null);
        }
    }

    /// <summary>Tells what is kept here as a metric, as long as the process lives.</summary>
    public Spill Observed(IMeterFactory meters)
    {
        var meter = meters.Create(WorkerTelemetry.Name);
        meter.CreateObservableUpDownCounter(
            "worker.spill.size",
            () => Interlocked.Read(ref _bytes),
            "By",
            "What the local inbox keeps because the broker does not take it.");
        return this;
    }

    /// <summary>Throws <see cref="NotTakenException"/> when there is no room.</summary>
    public void Reserve(long bytes)
    {
        lock (_lock)
        {
            if (_messages > 0 && time.GetUtcNow() - _oldest > options.Value.MaxAge)
            {
                throw new NotTakenException(
                    "RabbitMQ has taken nothing for longer than Spill:MaxAge, " +
                    $"which is {options.Value.MaxAge}; see to the broker");
            }

            if (_bytes + _reserved + bytes > options.Value.MaxBytes)
            {
                throw new NotTakenException(
                    "RabbitMQ does not keep up, and what Spill:MaxBytes allows to be kept for it, " +
                    $"{options.Value.MaxBytes} bytes, is full; see to the broker");
            }

            _reserved += bytes;
        }
    }

    /// <summary>The message went to the broker, or nowhere.</summary>
    public void Release(long bytes)
    {
        lock (_lock)
            _reserved -= bytes;
    }

    /// <summary>
    /// The reserved place is taken: from now on everything goes here. Returns whether it is the first.
    /// </summary>
    public bool Begin(long bytes)
    {
        lock (_lock)
        {
            _reserved -= bytes;
            _bytes += bytes;
            _adding++;
            if (++_messages > 1)
                return false;
            _oldest = time.GetUtcNow();
            return true;
        }
    }

    /// <summary>It is written, or could not be.</summary>
    public void End(long bytes, bool isKept)
    {
        lock (_lock)
        {
            _adding--;
            if (!isKept)
                Forget(1, bytes);
        }
    }

    /// <summary>What an earlier process left.</summary>
    public void Found(InboxSize size)
    {
        lock (_lock)
        {
            _messages += size.Messages;
            _bytes += size.Bytes;
            _oldest = size.Oldest ?? _oldest;
        }
    }

    /// <summary>The broker has these, which were the oldest.</summary>
    /// <param name="oldest">Of those, the last.</param>
    public void Forwarded(long messages, long bytes, DateTimeOffset oldest)
    {
        lock (_lock)
        {
            Forget(messages, bytes);
            _oldest = oldest;
        }
    }

    /// <summary>
    /// The inbox was seen empty: whatever this account says, another process has forwarded it. Not while something is
    /// being written, which may not have been seen. Returns whether nothing waits.
    /// </summary>
    public bool SeenEmpty()
    {
        lock (_lock)
        {
            if (_adding == 0)
                (_messages, _bytes) = (0, 0);
            return _messages == 0;
        }
    }

    private void Forget(long messages, long bytes)
    {
        _messages = Math.Max(0, _messages - messages);
        _bytes = Math.Max(0, _bytes - bytes);
    }
}
