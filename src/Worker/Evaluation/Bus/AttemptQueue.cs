using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Runs Evaluators off the bus: takes an attempt's lease, keeps it while the attempt waits and runs, stores the
/// verdicts, and wakes the saga. An attempt that is lost on the way is made again when its lease has lapsed.
/// </summary>
internal sealed partial class AttemptQueue(
    AttemptRunner runner,
    IAttemptStore attempts,
    BusPublisher publisher,
    WorkerId worker,
    IOptions<EvaluationOptions> options,
    TimeProvider time,
    ILogger<AttemptQueue> logger) : BackgroundService
{
    private readonly EvaluationOptions _options = options.Value;
    private readonly ConcurrentDictionary<Attempt, bool> _inHand = new();
    private readonly Channel<Attempt> _queue = Channel.CreateBounded<Attempt>(options.Value.Parallelism * 4);

    /// <summary>
    /// Takes the attempt's lease and queues it; waits while the queue is full. Does nothing when the attempt is in hand
    /// here, or another worker holds it. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task OfferAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        if (!_inHand.TryAdd(attempt, true))
            return;
        try
        {
            if (await HoldAsync(attempt, cancellationToken))
                await _queue.Writer.WriteAsync(attempt, cancellationToken);
            else
                _inHand.TryRemove(attempt, out _);
        }
        catch (ChannelClosedException)
        {
            // Stopping: nobody would take it any more.
            _inHand.TryRemove(attempt, out _);
        }
        catch
        {
            _inHand.TryRemove(attempt, out _);
            throw;
        }
    }

    /// <summary>
    /// First releases the callers that wait for room. The bus stops after this service and waits for its consumers, for
    /// which nobody would make room any more. The attempts that they brought are made again when their leases have
    /// lapsed.
    /// </summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, _options.Parallelism)
            .Select(_ => Task.Run(() => WorkAsync(stoppingToken), stoppingToken))
            .Append(RenewAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await foreach (var attempt in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                if (await runner.RunAsync(attempt, cancellationToken))
                    await publisher.PublishAsync(new EvaluatorsFinished(attempt.LogId));
                else
                    AttemptDropped(attempt.LogId, attempt.Revision);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                AttemptFailed(failure, attempt.LogId, attempt.Revision);
            }
            finally
            {
                _inHand.TryRemove(attempt, out _);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.Lease / 3, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var attempt in _inHand.Keys)
            {
                try
                {
                    await HoldAsync(attempt, cancellationToken);
                }
                catch (StoreUnavailableException failure)
                {
                    LeaseNotRenewed(failure, attempt.LogId, attempt.Revision);
                }
            }
        }
    }

    private Task<bool> HoldAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return attempts.TryTakeAsync(
            attempt.Id, attempt.LogId, worker.Value, now, now + _options.Lease, cancellationToken);
    }

    [LoggerMessage(
        LogLevel.Debug,
        "Attempt on revision {Revision} of {LogId} was dropped: the content has changed, or it has answered")]
    private partial void AttemptDropped(string logId, int revision);

    [LoggerMessage(
        LogLevel.Warning,
        "Attempt on revision {Revision} of {LogId} failed; it is made again when its lease has lapsed")]
    private partial void AttemptFailed(Exception failure, string logId, int revision);

    [LoggerMessage(
        LogLevel.Warning,
        "Lease of the attempt on revision {Revision} of {LogId} was not renewed; another worker may make it again")]
    private partial void LeaseNotRenewed(Exception failure, string logId, int revision);
}
