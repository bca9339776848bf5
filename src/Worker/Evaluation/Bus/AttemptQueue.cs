using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Asks Evaluators off the bus: each in its own lane, under a lease that is kept while the attempt runs; stores the
/// verdicts, and wakes the saga. An attempt that is lost on the way is made again when its run is looked at next.
/// </summary>
internal sealed partial class AttemptQueue(
    IRunStore runs,
    EvaluatorVersions versions,
    AttemptRunner runner,
    CallGate gate,
    Spending spending,
    EvaluatorAudit audit,
    IAttemptStore attempts,
    BusPublisher publisher,
    WorkerId worker,
    IOptions<EvaluationOptions> options,
    TimeProvider time,
    ILogger<AttemptQueue> logger) : BackgroundService
{
    /// <summary>
    /// How long the saga is not told of a verdict at most, while others of the same Log are under way.
    /// </summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(200);

    private readonly EvaluationOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AttemptLane> _lanes = new(StringComparer.Ordinal);
    private readonly List<Task> _working = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly AttemptsInHand _inHand = new();
    private readonly HashSet<string> _untold = new(StringComparer.Ordinal);

    /// <summary>How many attempts are queued or run.</summary>
    public int InHand => _inHand.Count;

    /// <summary>
    /// Queues an attempt for each Evaluator of the revision that has not answered and may be asked, as far as its lane
    /// has room. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task OfferAsync(string logId, int revision, CancellationToken cancellationToken)
    {
        if (await runs.ReadAsync(logId, cancellationToken) is not { State: RunState.Evaluating } run
            || run.Revision != revision)
            return;
        foreach (var pin in run.Pins.Where(pin => pin.IsOwed(time.GetUtcNow())))
        {
            var attempt = new Attempt(logId, revision, pin.EvaluatorId, pin.EvaluatorVersionId);
            var evaluator = await versions.FindAsync(pin, cancellationToken);
            if (_inHand.TryAdd(attempt) && !LaneOf(evaluator).TryAdd(attempt, evaluator))
                _inHand.Remove(attempt);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TellLateAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] working;
        lock (_lock)
            working = [.. _working];
        await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Its own where the Evaluator is called, by Version; the rest share one.</summary>
    private AttemptLane LaneOf(Evaluator? evaluator)
    {
        var called = evaluator?.Judging.Call is null ? null : evaluator;
        lock (_lock)
        {
            if (_lanes.TryGetValue(called?.VersionId ?? "", out var known))
                return known;
            var lane = called is null
                ? new AttemptLane(null, _options.Parallelism)
                : new AttemptLane(new EvaluatorCalls(called, spending, time, audit), called.Limits.Concurrency);
            var token = _stopping.Token;
            _working.AddRange(Enumerable.Range(0, lane.Concurrency).Select(
                _ => Task.Run(() => WorkAsync(lane, token), token)));
            return _lanes[called?.VersionId ?? ""] = lane;
        }
    }

    private async Task WorkAsync(AttemptLane lane, CancellationToken cancellationToken)
    {
        await foreach (var (attempt, evaluator) in lane.AttemptsAsync(cancellationToken))
        {
            try
            {
                using var turn = lane.Calls is null ? null : await gate.EnterAsync(cancellationToken);
                if (await HoldAsync(attempt, cancellationToken))
                    await RunAsync(attempt, evaluator, lane, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                AttemptFailed(failure, attempt.LogId, attempt.Revision, attempt.EvaluatorId);
            }
            finally
            {
                _inHand.Remove(attempt);
            }
        }
    }

    private async Task RunAsync(
        Attempt attempt, Evaluator? evaluator, AttemptLane lane, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(attempt, over.Token);
        try
        {
            if (await runner.RunAsync(attempt, evaluator, lane.Calls, cancellationToken))
                await TellAsync(attempt.LogId);
            else
                AttemptDropped(attempt.LogId, attempt.Revision, attempt.EvaluatorId);
        }
        finally
        {
            await over.CancelAsync();
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// The saga reads all verdicts on a Log when it is told of one: of those that come close together it is told once.
    /// What is not told because the process ends, the watch over the run finds.
    /// </summary>
    private async Task TellAsync(string logId)
    {
        if (_inHand.CountOn(logId) <= 1)
        {
            await publisher.PublishAsync(new EvaluatorsFinished(logId));
            return;
        }

        lock (_untold)
            _untold.Add(logId);
    }

    private async Task TellLateAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Together, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var logId in Untold())
            {
                try
                {
                    await publisher.PublishAsync(new EvaluatorsFinished(logId));
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    VerdictsNotTold(failure, logId);
                }
            }
        }
    }

    private string[] Untold()
    {
        lock (_untold)
        {
            string[] logIds = [.. _untold];
            _untold.Clear();
            return logIds;
        }
    }

    private async Task RenewAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.Lease / 3, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
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

    private Task<bool> HoldAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return attempts.TryTakeAsync(
            attempt.Id, attempt.LogId, worker.Value, now, now + _options.Lease, cancellationToken);
    }

    [LoggerMessage(
        LogLevel.Debug,
        "Attempt on revision {Revision} of {LogId} by {EvaluatorId} came to no verdict: the content has changed, " +
        "it has answered, or it is put off")]
    private partial void AttemptDropped(string logId, int revision, string evaluatorId);

    [LoggerMessage(
        LogLevel.Warning,
        "Attempt on revision {Revision} of {LogId} by {EvaluatorId} failed; it is made again when its run is looked " +
        "at next")]
    private partial void AttemptFailed(Exception failure, string logId, int revision, string evaluatorId);

    [LoggerMessage(
        LogLevel.Warning,
        "The run of {LogId} was not told of its verdicts; it finds them when it is looked at next")]
    private partial void VerdictsNotTold(Exception failure, string logId);

    [LoggerMessage(
        LogLevel.Warning,
        "Lease of the attempt on revision {Revision} of {LogId} was not renewed; another worker may make it again")]
    private partial void LeaseNotRenewed(Exception failure, string logId, int revision);
}
