using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>
/// The refused messages of one drain that wait for their letters to be durable. A letter that cannot be sent holds up
/// nothing but its own message: others go on, and it is tried again until it is sent or the drain ends.
/// </summary>
/// <param name="send">Returns when the letter is durable; safe for concurrent use.</param>
/// <param name="settle">Called with each message whose letter is durable.</param>
internal sealed partial class LetterDesk(
    Func<DeadLetter, CancellationToken, Task> send,
    Func<IReadOnlyList<RefusedMessage>, Task> settle,
    TimeProvider time,
    ILogger logger) : IAsyncDisposable
{
    /// <summary>
    /// Letters that are sent at once; while none gets through, a single one finds out whether any does.
    /// </summary>
    private const int AtOnce = 64;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly LinkedList<RefusedMessage> _waiting = [];
    private readonly SemaphoreSlim _added = new(0);
    private readonly CancellationTokenSource _ended = new();
    private TaskCompletionSource _fewer = NewSignal();
    private Task? _loop;
    private long _bytes;
    private bool _isDisposed;

    /// <summary>How many messages are on the desk.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Puts messages on the desk. Their letters are sent from now on.</summary>
    public void Add(IReadOnlyList<RefusedMessage> refused)
    {
        if (refused.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var message in refused)
                Put(message);
        }

        _loop ??= Task.Run(() => SendAsync(_ended.Token));
        _added.Release();
    }

    /// <summary>Waits until no more than so many messages, of so many bytes, are on the desk.</summary>
    public async Task RoomAsync(int messages, long bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task fewer;
            lock (_lock)
            {
                if (_waiting.Count <= messages && (_bytes <= bytes || _waiting.Count <= 1))
                    return;
                fewer = _fewer.Task;
            }

            // The loop ends before the desk does only by a fault that is to be heard.
            await (await Task.WhenAny(fewer, _loop!).WaitAsync(cancellationToken));
        }
    }

    /// <summary>Sends no more; what is still on the desk was not settled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _ended.CancelAsync();
        if (_loop is not null)
            await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
        _added.Dispose();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.Zero;
        while (true)
        {
            var batch = Oldest(pause > TimeSpan.Zero ? 1 : AtOnce);
            if (batch.Count == 0)
            {
                await _added.WaitAsync(cancellationToken);
                continue;
            }

            var failure = await SendAsync(batch, cancellationToken);
            if (failure is not null && pause == TimeSpan.Zero)
                LettersHeld(logger, failure.Message);
            if (failure is null && pause > TimeSpan.Zero)
                LettersSent(logger);
            pause = failure is null ? TimeSpan.Zero : Longer(pause);
            if (failure is not null)
                await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Settles what could be sent; what could not goes behind the others. Null when all could be.</summary>
    private async Task<Exception?> SendAsync(List<RefusedMessage> batch, CancellationToken cancellationToken)
    {
        var failures = await Task.WhenAll(batch.Select(message => SendAsync(message, cancellationToken)));
        var sent = batch.Where((_, index) => failures[index] is null).ToList();
        if (sent.Count > 0)
            await settle(sent);
        lock (_lock)
        {
            foreach (var message in batch)
                Take(message);
            foreach (var message in batch.Except(sent))
                Put(message);
            _fewer.TrySetResult();
            _fewer = NewSignal();
        }

        return failures.FirstOrDefault(failure => failure is not null);
    }

    private async Task<Exception?> SendAsync(RefusedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await send(message.Letter, cancellationToken);
            return null;
        }
        catch (Exception exception) when (ChunkLapsedException.IsOutageReason(exception))
        {
            return exception;
        }
    }

    private List<RefusedMessage> Oldest(int count)
    {
        lock (_lock)
            return [.. _waiting.Take(count)];
    }

    private void Put(RefusedMessage message)
    {
        _waiting.AddLast(message);
        _bytes += message.Letter.Body?.Length ?? 0;
    }

    private void Take(RefusedMessage message)
    {
        if (_waiting.Remove(message))
            _bytes -= message.Letter.Body?.Length ?? 0;
    }

    private static TimeSpan Longer(TimeSpan pause)
    {
        var longer = pause == TimeSpan.Zero ? ShortestPause : pause * 2;
        return longer < Backoff.Longest ? longer : Backoff.Longest;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(
        LogLevel.Warning,
        "Dead letters cannot be sent, and are tried again until they can; their messages wait: {Reason}")]
    private static partial void LettersHeld(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Dead letters are sent again")]
    private static partial void LettersSent(ILogger logger);
}
