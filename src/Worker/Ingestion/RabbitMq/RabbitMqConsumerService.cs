using Microsoft.Extensions.Options;
using Polly;
using RabbitMQ.Client;
using Worker.Errors;
using Worker.RabbitMq;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// Drains <c>worker.ingest</c>, for ever: when the broker goes, it connects again. Ends only with the host, or with a
/// fault that waiting does not heal.
/// </summary>
internal sealed partial class RabbitMqConsumerService : BackgroundService
{
    private readonly IngestEndpoint _ingest;
    private readonly ChunkDrain _drain;
    private readonly IngestionMetrics _account;
    private readonly SourceState _state;
    private readonly IngestionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RabbitMqConsumerService> _logger;
    private readonly ResiliencePipeline _reconnect;
    private readonly InFlightLimit _prefetch;
    private readonly ReceiptClock _receipts;
    private bool _wasConnected, _isDisconnected;

    public RabbitMqConsumerService(
        IngestEndpoint ingest,
        ChunkDrain drain,
        IngestionMetrics account,
        SourceState state,
        IOptions<IngestionOptions> options,
        TimeProvider time,
        ILogger<RabbitMqConsumerService> logger)
    {
        _ingest = ingest;
        _drain = drain;
        _account = account;
        _state = state;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _reconnect = Backoff.Forever(time, BrokerFaults.IsBrokerFault);
        _prefetch = new(_options.Prefetch, _options.ChunkSize, _options.MaxMessageBytes);
        _receipts = new(time);
    }

    /// <summary>
    /// Finishes the chunks in hand, gives back the rest, and leaves time enough for the connection to close.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var _ = _drain.AbandonSoon(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                await _reconnect.ExecuteAsync(ConnectAndDrainAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop, before all that was in hand was finished.
        }
        finally
        {
            _drain.Stopped();
        }
    }

    // Returns, so that the next attempt is made at once, when this one got anywhere; throws, so that it waits, when
    // not.
    private async ValueTask ConnectAndDrainAsync(CancellationToken stopping)
    {
        var (settled, began) = (_account.Totals.Settled, _time.GetTimestamp());
        try
        {
            await using var connection = await ConnectAsync(stopping);
            await RabbitMqTopology.DeclareAsync(connection, stopping);
            await using var owner = _ingest.IsExclusive
                ? await IngestOwner.TakeAsync(connection, _ingest.Endpoint.Description, _time, _logger, stopping)
                : null;
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
            await using var depths = new QueueDepths(connection, _account, _time);
            Connected();
            var source = new RabbitMqChunkSource(channel, _options, _prefetch, _account, _receipts, _time);
            await _drain.RunAsync(source, LetterLimit.QuarterOf(_options.Prefetch), stopping);
        }
        catch (Exception exception) when (exception.IsBrokerFault() && !stopping.IsCancellationRequested)
        {
            Disconnected(exception);
            if (_account.Totals.Settled == settled && _time.GetElapsedTime(began) < 2 * Backoff.Longest)
                throw;
        }
        finally
        {
            _state.IsOpen = false;
        }
    }

    private async Task<IConnection> ConnectAsync(CancellationToken stopping)
    {
        try
        {
            return await _ingest.Endpoint.ConnectAsync("worker ingest", stopping);
        }
        catch (ConfigurationException exception) when (_wasConnected)
        {
            // It was right before: a broker that is only just coming up may not know its users yet.
            throw new ServerUnreachableException(exception.Message, exception);
        }
    }

    private void Connected()
    {
        if (_isDisconnected)
            BrokerReturned(_ingest.Endpoint.Description);
        _isDisconnected = false;
        _account.Paused(false);
        _wasConnected = true;
        _state.IsOpen = true;
    }

    private void Disconnected(Exception exception)
    {
        if (!_isDisconnected)
            BrokerLost(_ingest.Endpoint.Description, exception.Message);
        _isDisconnected = true;
        _account.Paused(true);
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for RabbitMQ at {Endpoint}, and trying until it answers: {Reason}")]
    private partial void BrokerLost(string endpoint, string reason);

    [LoggerMessage(LogLevel.Information, "RabbitMQ at {Endpoint} is back")]
    private partial void BrokerReturned(string endpoint);
}
