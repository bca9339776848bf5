using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Worker.Contracts;

namespace Worker.Client;

/// <summary>
/// Logs, and goes on: a call is written as JSON on the caller's thread, so that what it was given may change
/// afterwards, and is sent by a loop in the background. A call returns at once and never throws; it returns false where
/// the Log is dropped, which is counted and told. Safe for concurrent use; one client for a process is enough.
/// </summary>
/// <remarks>
/// Each message gets an id of its own, and <c>sent_at</c> where it has none, so that sending it again changes nothing
/// and its delay does not count. A Log without <c>LogId</c> is named by that id.
/// </remarks>
public sealed class WorkerClient : IAsyncDisposable, IDisposable
{
    private readonly WorkerClientOptions _options;
    private readonly TimeProvider _time;
    private readonly MemoryQueue _queue;
    private readonly Spool _spool;
    private readonly IBroker _broker;
    private readonly Account _account;
    private readonly DropNotice _drops;
    private readonly SendingClock _clock;
    private readonly CancellationTokenSource _deadline = new();
    private readonly Task _running;
    private readonly object _disposing = new();
    private Task? _disposed;

    /// <summary>Starts at once. Throws <see cref="ArgumentException"/> where an option is out of bounds.</summary>
    /// <param name="logger">
    /// Is told of drops, at most once a minute, and of the broker's absence. Default: nobody is.
    /// </param>
    /// <param name="meters">Makes the meter <c>Worker.Client</c>. Default: one of this client's own.</param>
    public WorkerClient(
        WorkerClientOptions options, ILogger<WorkerClient>? logger = null, IMeterFactory? meters = null)
        : this(options, logger, meters, TimeProvider.System, broker: null)
    {
    }

    internal WorkerClient(
        WorkerClientOptions options, ILogger? logger, IMeterFactory? meters, TimeProvider time, IBroker? broker)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var log = new QuietLogger(logger ?? NullLogger.Instance);
        _options = options;
        _time = time;
        _clock = new SendingClock(time);
        _queue = new MemoryQueue(options.MaxMemoryMessages, options.MaxMemoryBytes);
        _spool = new Spool(options.SpoolPath, options.MaxSpoolBytes, log);
        _broker = broker ?? new RabbitMqBroker(options, time);
        _account = new Account(_queue, meters, () => _spool.Bytes);
        _drops = new DropNotice(_account, time, log);
        var pump = new Pump(_queue, _spool, _broker, _account, _drops, options, time, log);

        // The span in which the client is made is none of its messages'.
        using (ExecutionContext.SuppressFlow())
            _running = Task.Run(() => pump.RunAsync(_deadline.Token));
    }

    /// <summary>What became of every call.</summary>
    public WorkerClientCounts Counts => _account.Read();

    /// <summary>A Tool was called. False: it is dropped.</summary>
    public bool Log(ToolLogged message) =>
        Send("tool.logged", message, (each, at) => each.SentAt is null ? each with { SentAt = at } : each);

    /// <summary>A Tool Log changed. False: it is dropped.</summary>
    public bool Log(ToolLogUpdated message) =>
        Send("tool.log.updated", message, (each, at) => each.SentAt is null ? each with { SentAt = at } : each);

    /// <summary>A model was called with a Prompt. False: it is dropped.</summary>
    public bool Log(PromptLogged message) =>
        Send("prompt.logged", message, (each, at) => each.SentAt is null ? each with { SentAt = at } : each);

    /// <summary>A Prompt Log changed. False: it is dropped.</summary>
    public bool Log(PromptLogUpdated message) =>
        Send("prompt.log.updated", message, (each, at) => each.SentAt is null ? each with { SentAt = at } : each);

    /// <summary>A Flow was entered. False: it is dropped.</summary>
    public bool Log(FlowLogged message) =>
        Send("flow.logged", message, (each, at) => each.SentAt is null ? each with { SentAt = at } : each);

    /// <summary>A Flow Log changed. False: it is dropped.</summary>
    public bool Log(FlowLogUpdated message) =>
        Send("flow.log.updated", message, (each, at) => each.SentAt is null ? each with { SentAt = at } : each);

    /// <summary>A verdict from outside the worker. False: it is dropped.</summary>
    public bool Log(EvaluatorLogged message) =>
        Send("evaluator.logged", message, (each, at) => each.SentAt is null ? each with { SentAt = at } : each);

    /// <summary>A Log is to be dropped. False: this message is.</summary>
    public bool Log(LogDeleted message) =>
        Send("log.deleted", message, (each, at) => each.SentAt is null ? each with { SentAt = at } : each);

    /// <summary>
    /// Takes no more calls, sends what it holds and what is in the spool for up to
    /// <see cref="WorkerClientOptions.DrainTimeout"/>, and leaves the rest in the spool. Again: waits for the same.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_disposing)
            return new ValueTask(_disposed ??= EndAsync());
    }

    /// <summary>
    /// As <see cref="DisposeAsync"/>, for containers that dispose of nothing asynchronously. Blocks.
    /// </summary>
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    private bool Send<T>(string type, T message, Func<T, DateTimeOffset, T> stamp)
        where T : class
    {
        if (Write(type, message, stamp) is { } reason)
        {
            _drops.Add(reason, 1);
            return false;
        }

        _account.Enqueued();
        return true;
    }

    /// <summary>Null where it waits to be sent, else why not.</summary>
    private DropReason? Write<T>(string type, T message, Func<T, DateTimeOffset, T> stamp)
        where T : class
    {
        byte[] body;
        try
        {
            body = JsonSerializer.SerializeToUtf8Bytes(stamp(message, _clock.Next()));
        }
        catch (Exception)
        {
            // Of whatever kind: values are written by code of the caller's.
            return DropReason.Unserializable;
        }

        if (body.Length > _options.MaxMessageBytes)
            return DropReason.TooLarge;

        // One that is not recorded leads nowhere.
        var span = Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true, Id: { } id } ? id : null;
        return _queue.Add(new OutgoingMessage(type, SendingClock.NewId(), span, body));
    }

    private async Task EndAsync()
    {
        _queue.Close();
        using (_time.CreateTimer(_ => _deadline.Cancel(), null, _options.DrainTimeout, Timeout.InfiniteTimeSpan))
            await _running.ConfigureAwait(false);
        _drops.Dispose();
        _spool.Dispose();
        _account.Dispose();
        try
        {
            await _broker.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(1), _time).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // All that matters was confirmed, or is on disk.
        }
    }
}
