using Microsoft.Extensions.Logging;

namespace Worker.Client;

/// <summary>
/// The one loop behind all calls: from memory to the broker, or to the spool while the broker is away; from the spool
/// to the broker when it is back. What is neither confirmed nor on disk stays in memory.
/// </summary>
internal sealed partial class Pump(
    MemoryQueue queue, Spool spool, IBroker broker, Account account, DropNotice drops, WorkerClientOptions options,
    TimeProvider time, ILogger logger)
{
    private const int MostInBatch = 1000;
    private const long MostBytesInBatch = 4 * 1024 * 1024;

    /// <summary>How often it looks whether memory fills up while the broker does not answer.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly ILogger _logger = logger;
    private readonly int _batch = Math.Min(MostInBatch, options.MaxMemoryMessages / 4);
    private readonly long _batchBytes = Math.Min(MostBytesInBatch, options.MaxMemoryBytes / 4);
    private readonly Backoff _backoff = new(time);
    private readonly List<OutgoingMessage> _pending = [];
    private readonly List<OutgoingMessage> _held = [];
    private bool _isAway;
    private long _forwarded;

    private bool IsFinished =>
        queue.IsFinished && _pending.Count == 0 && (spool.IsEmpty || !_backoff.IsOver);

    /// <summary>
    /// Until the queue is closed and all is sent, or the token fires; then the rest goes to the spool. What is on disk
    /// does not wait for a broker that is away.
    /// </summary>
    public async Task RunAsync(CancellationToken deadline)
    {
        spool.Open();
        while (!deadline.IsCancellationRequested && !IsFinished)
        {
            try
            {
                await StepAsync(deadline).ConfigureAwait(false);
            }
            catch (Exception exception) when (!deadline.IsCancellationRequested)
            {
                // Nothing is known to get here; but if this loop ended, everything would be dropped from then on.
                _backoff.Failed();
                PumpFailed(exception);
                await WaitAsync(_backoff.Remaining, deadline).ConfigureAwait(false);
            }
        }

        KeepTheRest();
    }

    private async Task StepAsync(CancellationToken deadline)
    {
        queue.Take(_pending, _batch, _batchBytes);
        if (_pending.Count > 0 && _backoff.IsOver)
            await PublishAsync(deadline).ConfigureAwait(false);
        Keep(_pending);
        if (!spool.IsEmpty && _backoff.IsOver)
            await ForwardAsync(deadline).ConfigureAwait(false);
        await RestAsync(deadline).ConfigureAwait(false);
    }

    private async Task PublishAsync(CancellationToken deadline)
    {
        var outcome = await SendAsync(_pending, deadline).ConfigureAwait(false);
        var confirmed = outcome.Failure is null
            ? [.. _pending]
            : _pending.Where((_, index) => outcome.Confirmed[index]).ToList();
        account.Published(confirmed.Count);
        Release(confirmed);
        if (outcome.Failure is null)
            _pending.Clear();
        else
            _pending.RemoveAll(new HashSet<OutgoingMessage>(confirmed, ReferenceEqualityComparer.Instance).Contains);
        _pending.AddRange(_held);
        _held.Clear();
    }

    private async Task ForwardAsync(CancellationToken deadline)
    {
        var messages = spool.Read(_batch, _batchBytes);
        if (messages.Count == 0 || (await SendAsync(messages, deadline).ConfigureAwait(false)).Failure is not null)
            return;
        spool.Confirm();
        account.Forwarded(messages.Count);
        _forwarded += messages.Count;
        if (!spool.IsEmpty)
            return;
        SpoolEmptied(_forwarded);
        _forwarded = 0;
    }

    /// <summary>Sends a batch; what fills the memory meanwhile goes to the spool.</summary>
    private async Task<PublishOutcome> SendAsync(
        IReadOnlyList<OutgoingMessage> messages, CancellationToken deadline)
    {
        var sending = broker.PublishAsync(messages, deadline);
        while (!sending.IsCompleted)
        {
            await WaitAsync(Glance, deadline, sending).ConfigureAwait(false);
            while (!sending.IsCompleted && queue.IsHalfFull && TryOverflow())
            {
            }
        }

        var outcome = await sending.ConfigureAwait(false);
        if (!deadline.IsCancellationRequested)
            Note(outcome.Failure);
        return outcome;
    }

    private void Note(string? failure)
    {
        if (failure is null)
        {
            _backoff.Succeeded();
            if (_isAway)
                BrokerReturned();
        }
        else
        {
            _backoff.Failed();
            if (!_isAway)
                BrokerLost(failure);
        }

        _isAway = failure is not null;
    }

    private bool TryOverflow()
    {
        if (_held.Count == 0)
            queue.Take(_held, _batch, _batchBytes);
        var before = _held.Count;
        Keep(_held);
        return _held.Count < before;
    }

    /// <summary>Writes as many to the spool as it takes; the others stay.</summary>
    private void Keep(List<OutgoingMessage> messages)
    {
        var kept = messages.GetRange(0, spool.Append(messages));
        account.Spooled(kept.Count);
        Release(kept);
        messages.RemoveRange(0, kept.Count);
    }

    private void KeepTheRest()
    {
        _pending.AddRange(_held);
        do
        {
            queue.Take(_pending, _batch, _batchBytes);
            Keep(_pending);
            if (_pending.Count > 0)
                drops.Add(DropReason.Shutdown, _pending.Count);
            Release(_pending);
            _pending.Clear();
        }
        while (!queue.IsFinished);
    }

    /// <summary>Until there is something to do.</summary>
    private async Task RestAsync(CancellationToken deadline)
    {
        var waitsForBroker = _pending.Count > 0 || !spool.IsEmpty;
        if (waitsForBroker && _backoff.IsOver)
            return;
        var arrival = _pending.Count > 0 ? null : queue.ArrivalAsync();
        await WaitAsync(waitsForBroker ? _backoff.Remaining : Timeout.InfiniteTimeSpan, deadline, arrival)
            .ConfigureAwait(false);
    }

    /// <summary>For so long, or until the token fires, or the task ends, however it ends.</summary>
    private async Task WaitAsync(TimeSpan limit, CancellationToken deadline, Task? task = null)
    {
        if (task is { IsCompleted: true })
            return;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        var delay = Task.Delay(limit, time, waiting.Token);
        await (task is null ? Task.WhenAny(delay) : Task.WhenAny(task, delay)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
    }

    private void Release(List<OutgoingMessage> messages) =>
        queue.Release(messages.Count, messages.Sum(message => (long)message.Body.Length));

    [LoggerMessage(LogLevel.Warning, "The broker took no calls, which are kept until it does: {Reason}")]
    private partial void BrokerLost(string reason);

    [LoggerMessage(LogLevel.Information, "The broker takes calls again")]
    private partial void BrokerReturned();

    [LoggerMessage(LogLevel.Information, "The spool is empty: the broker has the {Messages} calls that were in it")]
    private partial void SpoolEmptied(long messages);

    [LoggerMessage(LogLevel.Error, "Sending failed unexpectedly, and goes on")]
    private partial void PumpFailed(Exception exception);
}
