using RabbitMQ.Client.Exceptions;
using Worker.Errors;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.Publishing;

/// <summary>
/// To the broker's exchange <c>logs</c>, over one connection of its own; the broker confirms many at once. Connects
/// with the first message, and again with the next one after it was lost.
/// </summary>
internal sealed class RabbitMqIntake(RabbitMqEndpoint endpoint, TimeProvider time) : IMessageIntake, IAsyncDisposable
{
    /// <summary>
    /// Shorter than elsewhere: who waits is a program that logs, and there is another place for its message.
    /// </summary>
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(5);

    private readonly LastingChannel _lasting = new(endpoint, "worker front", time, ConfirmWithin);

    public string Name => $"RabbitMQ at {endpoint.Description}";

    public async Task TakeAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(cancellationToken);
        try
        {
            await channel.PublishAsync(
                RabbitMqTopology.LogsExchange,
                message.Type ?? "",
                RabbitMqProperties.Of(message),
                message.Body,
                cancellationToken);
        }
        catch (ServerUnreachableException exception)
        {
            _lasting.Abandon(channel);
            throw new NotTakenException(exception.Message, exception) { MayBeTaken = true };
        }
        catch (MessageRejectedException exception)
        {
            // Where nothing is bound any more, the next connection declares it again.
            if (exception.InnerException is PublishException { IsReturn: true })
                _lasting.Abandon(channel);
            throw new NotTakenException(exception.Message, exception);
        }
    }

    public ValueTask DisposeAsync() => _lasting.DisposeAsync();

    private async Task<ConfirmedChannel> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lasting.OpenAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is ServerUnreachableException or ConfigurationException)
        {
            // The latter may be a broker that is only just coming up, and knows neither its users nor its queues yet.
            throw new NotTakenException(exception.Message, exception);
        }
    }
}
