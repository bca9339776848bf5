using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Worker.Client;

/// <summary>
/// The exchange <c>logs</c>, over one connection, with confirms. Mandatory: what no queue is bound for is not
/// confirmed, because it would be gone.
/// </summary>
internal sealed class RabbitMqBroker(WorkerClientOptions options, TimeProvider time) : IBroker
{
    private const string Exchange = "logs";

    private readonly BrokerAddress _address = BrokerAddress.Parse(options.RabbitMq);
    private IConnection? _connection;
    private IChannel? _channel;

    public async Task<PublishOutcome> PublishAsync(
        IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var confirms = new Task[messages.Count];
        try
        {
            var channel = await OpenAsync(cancellationToken).ConfigureAwait(false);

            // Never a token that may fire: in this version of the client, cancelling one publish breaks all that
            // follow.
            for (var i = 0; i < confirms.Length; i++)
            {
                Enter(messages[i].TraceParent);
                confirms[i] = channel.BasicPublishAsync(
                    Exchange, messages[i].Type, mandatory: true, Properties(messages[i]), messages[i].Body,
                    CancellationToken.None).AsTask();
                Activity.Current = null;
            }

            var all = Task.WhenAll(confirms);
            _ = all.ContinueWith(
                static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
            await all.WaitAsync(options.ConfirmTimeout, time, cancellationToken).ConfigureAwait(false);
            return PublishOutcome.AllConfirmed;
        }
        catch (Exception exception)
        {
            // A message that the broker would not have says nothing against the connection.
            if (exception is not PublishException)
                Abandon();
            return new(
                Explain(exception), [.. confirms.Select(confirm => confirm is { IsCompletedSuccessfully: true })]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is { } channel)
            await channel.DisposeAsync().ConfigureAwait(false);
        if (_connection is { } connection)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static BasicProperties Properties(OutgoingMessage message)
    {
        var properties = new BasicProperties
        {
            Type = message.Type, MessageId = message.MessageId, ContentType = "application/json", Persistent = true,
        };
        if (message.TraceParent is { } traceParent)
            properties.Headers = new Dictionary<string, object?> { ["traceparent"] = traceParent };
        return properties;
    }

    /// <summary>
    /// Where somebody listens to the spans of the broker's client, it replaces the header by its own span, which has to
    /// be in the trace of the call then.
    /// </summary>
    private static void Enter(string? traceParent)
    {
        if (traceParent is not null && ActivityContext.TryParse(traceParent, null, out var call))
            new Activity("worker.client.send").SetParentId(call.TraceId, call.SpanId, call.TraceFlags).Start();
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open)
            return open;

        Abandon();
        _connection = await _address.Factory.CreateConnectionAsync(options.ConnectionName, cancellationToken)
            .ConfigureAwait(false);

        // The batch bounds what is in flight; the client's own limiter would only delay.
        return _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true,
                publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: null),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closing a connection that hangs takes its time, which nobody has to wait for.</summary>
    private void Abandon()
    {
        if (_connection is { } connection)
            _ = Task.Run(async () => await connection.DisposeAsync().ConfigureAwait(false));
        (_connection, _channel) = (null, null);
    }

    private string Explain(Exception exception) => exception switch
    {
        PublishException { IsReturn: true } =>
            "it has no queue for it; start a worker once, or import its definitions.json",
        PublishException => "it refuses it: a queue is full, or not available",
        TimeoutException => $"it did not confirm within {options.ConfirmTimeout}; look for a memory or disk alarm",
        _ => $"{_address.Description} does not answer ({exception.GetBaseException().Message.ReplaceLineEndings(" ")})",
    };
}
