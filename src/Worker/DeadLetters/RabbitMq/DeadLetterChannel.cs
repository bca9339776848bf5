using Worker.Errors;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.DeadLetters.RabbitMq;

/// <summary>
/// Sends letters to <c>logs.dead</c>; each is done when the broker has confirmed and routed it. A channel on which one
/// was not confirmed is not used again, whatever it says of itself: one that hangs would hold up every letter that
/// comes after.
/// </summary>
internal sealed class DeadLetterChannel(RabbitMqEndpoint endpoint, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private volatile ConfirmedChannel? _channel;

    public async Task SendAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(cancellationToken);
        try
        {
            await channel.PublishAsync(
                RabbitMqTopology.DeadExchange,
                BoundedText.Cut(letter.Kind ?? ""),
                DeadLetterMessages.Write(letter),
                letter.Body ?? ReadOnlyMemory<byte>.Empty,
                cancellationToken);
        }
        catch (ServerUnreachableException)
        {
            Abandon(channel);
            throw;
        }
        catch (MessageRejectedException exception)
        {
            throw new ServerUnreachableException(
                $"A dead letter could not be put into {RabbitMqTopology.DeadQueue}: {exception.Message}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is { } channel)
            await channel.DisposeAsync();
        _opening.Dispose();
    }

    /// <summary>Closing a connection that hangs takes its time, which nobody has to wait for.</summary>
    private void Abandon(ConfirmedChannel channel)
    {
        if (Interlocked.CompareExchange(ref _channel, null, channel) == channel)
            _ = Task.Run(async () => await channel.DisposeAsync());
    }

    private async Task<ConfirmedChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open)
            return open;

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } opened)
                return opened;
            if (_channel is { } closed)
                await closed.DisposeAsync();
            return _channel = await ConfirmedChannel.OpenAsync(
                endpoint, "worker dead letters", time, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }
}
