using Worker.Storage;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// Sends refused messages to <c>logs.dead</c>. Returns when the broker has confirmed every one and routed it; throws
/// <see cref="ServerUnreachableException"/> otherwise.
/// </summary>
internal sealed class RabbitMqDeadLetterSink(RabbitMqEndpoint endpoint, TimeProvider time) : IDeadLetterSink, IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private ConfirmedChannel? _channel;

    public async Task SendAsync(IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var channel = await OpenAsync(cancellationToken);
            await Task.WhenAll(letters.Select(letter => channel.PublishAsync(
                RabbitMqTopology.DeadExchange,
                AmqpHeaders.Short(letter.Kind) ?? "",
                DeadLetterMessages.Write(letter),
                letter.Body ?? ReadOnlyMemory<byte>.Empty,
                cancellationToken)));
        }
        catch (MessageRejectedException exception)
        {
            throw new ServerUnreachableException($"A dead letter could not be put into {RabbitMqTopology.DeadQueue}: {exception.Message}", exception);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
        _one.Dispose();
    }

    private async Task<ConfirmedChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true })
            return _channel;
        if (_channel is not null)
            await _channel.DisposeAsync();
        _channel = null;
        return _channel = await ConfirmedChannel.OpenAsync(endpoint, "worker dead letters", time, cancellationToken);
    }
}
