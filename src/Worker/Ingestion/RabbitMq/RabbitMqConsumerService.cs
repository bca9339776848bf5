using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Polly;
using RabbitMQ.Client;
using Worker.Hosting;
using Worker.Storage;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// Drains <c>worker.ingest</c>: holds what is delivered, has it processed in chunks, acknowledges what is durable. For ever:
/// when the broker goes, it connects again; when the store goes, it gives back what it holds and asks the store until it
/// answers. Ends only with the host, or with a fault that waiting does not heal.
/// </summary>
internal sealed partial class RabbitMqConsumerService : BackgroundService
{
    /// <summary>A chunk whose oldest message is held longer is given up: nothing stays unacknowledged for a minute.</summary>
    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(50);

    /// <summary>How long a predecessor on the same host may take to end.</summary>
    private static readonly TimeSpan PatienceAtStart = TimeSpan.FromSeconds(5);

    /// <summary>How long the broker may take to notice that our own last connection is dead.</summary>
    private static readonly TimeSpan PatienceAgain = TimeSpan.FromMinutes(2);

    private readonly RabbitMqSource _source;
    private readonly PoisonGuard _guard;
    private readonly IStore _store;
    private readonly IngestionAccount _account;
    private readonly IngestionOptions _options;
    private readonly TimeSpan _stopWithin;
    private readonly TimeProvider _time;
    private readonly ILogger<RabbitMqConsumerService> _logger;
    private readonly ResiliencePipeline _reconnect;
    private readonly ResiliencePipeline _resume;
    private readonly HoldBound _prefetch;
    private readonly CancellationTokenSource _abandon = new();
    private bool _wasConnected, _isDisconnected, _hasLapsed;

    public RabbitMqConsumerService(
        RabbitMqSource source, PoisonGuard guard, IStore store, IngestionAccount account,
        IOptions<IngestionOptions> options, IOptions<HostOptions> host, TimeProvider time, ILogger<RabbitMqConsumerService> logger)
    {
        (_source, _guard, _store, _account, _time, _logger) = (source, guard, store, account, time, logger);
        _options = options.Value;
        _stopWithin = host.Value.ShutdownTimeout * 0.75;
        _reconnect = Backoff.Forever(time, BrokerFaults.Are);
        _resume = Backoff.Forever(time, exception => exception is ChunkLapsedException or StoreUnavailableException);
        _prefetch = new(_options.Prefetch, _options.ChunkSize, _options.MaxMessageBytes);
    }

    /// <summary>Finishes the chunk in hand, gives back the rest, and leaves time enough for the connection to close.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _abandon.CancelAfter(_stopWithin);
        await using var _ = cancellationToken.Register(_abandon.Cancel);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _abandon.Dispose();
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
        }
        finally
        {
            var totals = _account.Totals;
            IngestionStopped(totals.Received, totals.Stored, totals.Unchanged, totals.Collapsed, totals.Absorbed, totals.Refused, totals.Returned);
        }
    }

    // Returns, so that the next attempt is made at once, when this one got anywhere; throws, so that it waits, when not.
    private async ValueTask ConnectAndDrainAsync(CancellationToken stopping)
    {
        var (settled, began) = (_account.Totals.Settled, _time.GetTimestamp());
        try
        {
            await using var connection = await ConnectAsync(stopping);
            await RabbitMqTopology.DeclareAsync(connection, stopping);
            if (_source.Alone)
                await IngestOwner.TakeAsync(connection, _wasConnected ? PatienceAgain : PatienceAtStart, _time, stopping);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
            Connected();
            while (!stopping.IsCancellationRequested)
                await _resume.ExecuteAsync(token => ConsumeAsync(channel, token), stopping);
        }
        catch (Exception exception) when (BrokerFaults.Are(exception) && !stopping.IsCancellationRequested)
        {
            Disconnected(exception);
            if (_account.Totals.Settled == settled && _time.GetElapsedTime(began) < 2 * Backoff.Longest)
                throw;
        }
    }

    private async Task<IConnection> ConnectAsync(CancellationToken stopping)
    {
        try
        {
            return await _source.Endpoint.ConnectAsync("worker ingest", stopping);
        }
        catch (ConfigurationFaultException exception) when (_wasConnected)
        {
            // It was right before: a broker that is only just coming up may not know its users yet.
            throw new ServerUnreachableException(exception.Message, exception);
        }
    }

    private async ValueTask ConsumeAsync(IChannel channel, CancellationToken stopping)
    {
        var settled = _account.Totals.Settled;
        if (_hasLapsed)
            await _store.ProbeAsync(stopping);
        var subscription = await RabbitMqSubscription.StartAsync(channel, (ushort)_prefetch.Current, _options, _account, _time, stopping);
        try
        {
            await DrainAsync(subscription, stopping);
        }
        catch (ChunkLapsedException exception)
        {
            Lapsed(exception);
            if (_account.Totals.Settled == settled)
                throw;
        }
        finally
        {
            await subscription.ReturnAsync();
        }
    }

    /// <summary>Begins one chunk while the one before it is being written; both are settled in their order. A suspect is alone.</summary>
    private async Task DrainAsync(RabbitMqSubscription subscription, CancellationToken stopping)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var begun = Channel.CreateBounded<(HeldChunk Chunk, Task<ChunkResult> Result)>(1);
        var settling = SettleAsync(subscription, begun.Reader, failed);
        try
        {
            var (previous, alone) = (Task.CompletedTask, false);
            while (await subscription.GatherAsync(failed.Token) is { } chunk && await begun.Writer.WaitToWriteAsync(failed.Token))
            {
                var wasAlone = alone;
                alone = PoisonGuard.IsSuspect(chunk.Messages[0]);
                if (alone || wasAlone)
                    await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var result = ProcessAsync(chunk);
                begun.Writer.TryWrite((chunk, result));
                previous = result;
                if (_prefetch.Observe(chunk.Messages.Count, chunk.Bytes))
                    await subscription.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // What failed is thrown by the settling.
        }
        finally
        {
            begun.Writer.TryComplete();
            await settling;
        }
    }

    private async Task SettleAsync(
        RabbitMqSubscription subscription, ChannelReader<(HeldChunk Chunk, Task<ChunkResult> Result)> begun, CancellationTokenSource failed)
    {
        try
        {
            await foreach (var (chunk, result) in begun.ReadAllAsync(CancellationToken.None))
                await SettleAsync(subscription, chunk, await result);
        }
        catch
        {
            // Nothing may still be at work on what is about to be given back; it is not acknowledged, even where it succeeds.
            await failed.CancelAsync();
            await foreach (var (_, result) in begun.ReadAllAsync(CancellationToken.None))
                await ((Task)result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task SettleAsync(RabbitMqSubscription subscription, HeldChunk chunk, ChunkResult result)
    {
        _account.Settled(result);
        await subscription.AcknowledgeAsync(chunk);
        if (_hasLapsed)
            IngestionResumed(_store.Description);
        _hasLapsed = false;
    }

    private async Task<ChunkResult> ProcessAsync(HeldChunk chunk)
    {
        using var timeUp = new CancellationTokenSource(TimeLeft(chunk), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, _abandon.Token);
        try
        {
            return await _guard.ProcessAsync(chunk.Messages, either.Token);
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException exception) when (timeUp.IsCancellationRequested)
        {
            throw new ChunkLapsedException(new StoreUnavailableException(
                $"The store ({_store.Description}) did not take {chunk.Messages.Count} messages within {HoldLimit.TotalSeconds:0} s of their delivery; look at its load.", exception));
        }
        catch (Exception exception) when (exception is not StoreUnusableException)
        {
            throw new ChunkLapsedException(exception);
        }
    }

    private TimeSpan TimeLeft(HeldChunk chunk)
    {
        var left = HoldLimit - _time.GetElapsedTime(chunk.Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Connected()
    {
        if (_isDisconnected)
            BrokerReturned(_source.Endpoint.Description);
        (_isDisconnected, _wasConnected) = (false, true);
    }

    private void Disconnected(Exception exception)
    {
        if (!_isDisconnected)
            BrokerLost(_source.Endpoint.Description, exception.Message);
        _isDisconnected = true;
    }

    private void Lapsed(ChunkLapsedException exception)
    {
        if (!exception.IsOutage)
            ChunkLapsed(exception.InnerException!);
        else if (!_hasLapsed)
            IngestionPaused(exception.Message);
        _hasLapsed = true;
    }

    [LoggerMessage(1, LogLevel.Warning, "Waiting for RabbitMQ at {Endpoint}, and trying until it answers: {Reason}")]
    private partial void BrokerLost(string endpoint, string reason);

    [LoggerMessage(2, LogLevel.Information, "RabbitMQ at {Endpoint} is back")]
    private partial void BrokerReturned(string endpoint);

    [LoggerMessage(3, LogLevel.Warning, "Stopped consuming, and trying until it works again: {Reason}")]
    private partial void IngestionPaused(string reason);

    [LoggerMessage(4, LogLevel.Information, "Consuming again: the store ({Store}) has taken what was given back")]
    private partial void IngestionResumed(string store);

    [LoggerMessage(5, LogLevel.Error, "Gave back a chunk that could not be processed; a message that does this three times alone is refused as poison")]
    private partial void ChunkLapsed(Exception exception);

    [LoggerMessage(6, LogLevel.Information, "Stopped: received {Received} = stored {Stored} + unchanged {Unchanged} + collapsed {Collapsed} + absorbed {Absorbed} + refused {Refused} + returned {Returned}")]
    private partial void IngestionStopped(long received, long stored, long unchanged, long collapsed, long absorbed, long refused, long returned);
}
