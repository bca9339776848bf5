using System.Runtime.ExceptionServices;

namespace Worker.RabbitMq;

/// <summary>
/// A <see cref="ConfirmedChannel"/> that is opened when it is first needed, and again when it has gone. Whoever saw
/// that a message was not confirmed abandons the channel, even one that says that it is open: a channel that hangs
/// would hold up everything that comes after. Safe for concurrent use.
/// </summary>
/// <param name="name">What the broker's management page calls the connection.</param>
/// <param name="confirmWithin">As in <see cref="ConfirmedChannel.OpenAsync"/>.</param>
internal sealed class LastingChannel(
    RabbitMqEndpoint endpoint, string name, TimeProvider time, TimeSpan? confirmWithin = null) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private volatile ConfirmedChannel? _channel;
    private volatile Attempt _last = new(null);

    /// <summary>
    /// The open channel. Callers that wait for an attempt to open it share its result, so that of a thousand callers
    /// none waits for more than two attempts: one that had begun before it came, and one of its own. Throws as
    /// <see cref="ConfirmedChannel.OpenAsync"/>.
    /// </summary>
    public async Task<ConfirmedChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open)
            return open;

        var before = _last;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } opened)
                return opened;
            if (_last is var last && last != before && last.Failure is { } failure)
                failure.Throw();
            return await TryAsync(cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Closing a connection that hangs takes its time, which nobody has to wait for.</summary>
    public void Abandon(ConfirmedChannel channel)
    {
        if (Interlocked.CompareExchange(ref _channel, null, channel) == channel)
            _ = Task.Run(async () => await channel.DisposeAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is { } channel)
            await channel.DisposeAsync();
        _opening.Dispose();
    }

    private async Task<ConfirmedChannel> TryAsync(CancellationToken cancellationToken)
    {
        if (_channel is { } closed)
            await closed.DisposeAsync();
        _channel = null;
        try
        {
            _channel = await ConfirmedChannel.OpenAsync(endpoint, name, time, cancellationToken, confirmWithin);
            _last = new(null);
            return _channel;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _last = new(ExceptionDispatchInfo.Capture(exception));
            throw;
        }
    }

    /// <summary>Attempts are told apart by reference.</summary>
    /// <param name="failure">Null where it opened.</param>
    private sealed class Attempt(ExceptionDispatchInfo? failure)
    {
        public ExceptionDispatchInfo? Failure { get; } = failure;
    }
}
