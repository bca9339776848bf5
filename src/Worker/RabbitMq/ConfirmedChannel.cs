using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Errors;

namespace Worker.RabbitMq;

/// <summary>
/// A connection of its own for publishing (one that consumes must not be blocked by a broker that is short of memory),
/// and the one place that publishes. A publish is done when the broker has confirmed it and routed it somewhere.
/// </summary>
internal sealed class ConfirmedChannel : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RabbitMqEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly TimeSpan _confirmWithin;

    private ConfirmedChannel(
        RabbitMqEndpoint endpoint, IConnection connection, IChannel channel, TimeProvider time, TimeSpan confirmWithin)
    {
        _endpoint = endpoint;
        _time = time;
        _confirmWithin = confirmWithin;
        Connection = connection;
        Channel = channel;
    }

    public IConnection Connection { get; }

    public IChannel Channel { get; }

    public bool IsOpen => Channel.IsOpen;

    /// <summary>
    /// Throws as <see cref="RabbitMqEndpoint.ConnectAsync"/> and <see cref="RabbitMqTopology.DeclareAsync"/>.
    /// </summary>
    /// <param name="confirmWithin">How long a publish waits for its confirm; null is 20 s.</param>
    public static async Task<ConfirmedChannel> OpenAsync(
        RabbitMqEndpoint endpoint,
        string name,
        TimeProvider time,
        CancellationToken cancellationToken,
        TimeSpan? confirmWithin = null)
    {
        var connection = await endpoint.ConnectAsync(name, cancellationToken);
        try
        {
            await RabbitMqTopology.DeclareAsync(connection, cancellationToken);

            // Callers bound what is in flight; the client's own limiter would only delay.
            var options = new CreateChannelOptions(
                publisherConfirmationsEnabled: true,
                publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: null);
            var channel = await connection.CreateChannelAsync(options, cancellationToken);
            return new(endpoint, connection, channel, time, confirmWithin ?? Patience);
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            if (!exception.IsBrokerFault() || cancellationToken.IsCancellationRequested)
                throw;
            throw BrokerFaults.Ended(exception, $"RabbitMQ at {endpoint.Description}", "try again");
        }
    }

    /// <summary>
    /// Throws <see cref="MessageRejectedException"/> when the broker took the message and would not have it;
    /// <see cref="ServerUnreachableException"/> when it cannot be known whether it has it.
    /// </summary>
    public async Task PublishAsync(
        string exchange,
        string routingKey,
        BasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        properties.Persistent = true;
        try
        {
            // Never a token that may fire: in this version of the client, cancelling one publish breaks all that
            // follow.
            await Channel.BasicPublishAsync(
                exchange, routingKey, mandatory: true, properties, body, CancellationToken.None)
                .AsTask()
                .WaitAsync(_confirmWithin, _time, cancellationToken);
        }
        catch (PublishException exception)
        {
            throw new MessageRejectedException(
                exception.IsReturn
                    ? $"RabbitMQ routed it nowhere: exchange {exchange} has no queue bound for \"{routingKey}\"."
                    : $"RabbitMQ refused it for exchange {exchange}: a queue is full, or not available.",
                exception);
        }
        catch (TimeoutException exception)
        {
            throw new ServerUnreachableException(
                $"RabbitMQ at {_endpoint.Description} did not confirm within {_confirmWithin.TotalSeconds:0} s; " +
                "look for a memory or disk alarm.",
                exception);
        }
        catch (Exception exception) when (exception.IsBrokerFault() && !cancellationToken.IsCancellationRequested)
        {
            throw BrokerFaults.Ended(exception, $"RabbitMQ at {_endpoint.Description}", "try again");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
