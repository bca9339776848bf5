using MassTransit;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Worker.Errors;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Claims runs that are due and tells the saga: when a run that this process woke falls due, else every
/// <see cref="EvaluationOptions.Scan"/>, which finds what other workers left behind.
/// </summary>
internal sealed partial class DueRunsService : BackgroundService
{
    private const int ClaimedAtOnce = 200;

    private readonly IRunStore _runs;
    private readonly EvaluatorVersions _versions;
    private readonly ClaimWindow _claims;
    private readonly BusPublisher _publisher;
    private readonly LocalDueTimes _timers;
    private readonly WorkerId _worker;
    private readonly EvaluationOptions _options;
    private readonly EvaluationPolicy _policy;
    private readonly TimeProvider _time;
    private readonly ILogger<DueRunsService> _logger;
    private readonly ResiliencePipeline _untilItAnswers;
    private bool _isDown;

    public DueRunsService(
        IRunStore runs,
        EvaluatorVersions versions,
        ClaimWindow claims,
        BusPublisher publisher,
        LocalDueTimes timers,
        WorkerId worker,
        IOptions<EvaluationOptions> options,
        IOptions<TraceOptions> traces,
        TimeProvider time,
        ILogger<DueRunsService> logger)
    {
        (_runs, _versions, _claims, _publisher, _timers, _worker) = (runs, versions, claims, publisher, timers, worker);
        (_options, _time, _logger) = (options.Value, time, logger);
        _policy = new(traces.Value.Timers, traces.Value.Late, options.Value.Lease);
        _untilItAnswers = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<StoreUnavailableException>().Handle<TimeoutException>().Handle<MassTransitException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(5),
                UseJitter = true,
                OnRetry = retry =>
                {
                    Down(retry.Outcome.Exception!);
                    return default;
                },
            })
            .Build();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _untilItAnswers.ExecuteAsync(async token => await _versions.StoreAsync(token), stoppingToken);
        while (true)
        {
            // Times are forgotten before the claim, so that none set during it is missed.
            var began = _time.GetTimestamp();
            var (next, earlier) = _timers.After();
            var claimed = await _untilItAnswers.ExecuteAsync(SendDueAsync, stoppingToken);
            Up();
            if (claimed < ClaimedAtOnce)
                await WaitAsync(next - _time.GetElapsedTime(began), earlier, stoppingToken);
        }
    }

    private async ValueTask<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var room = Math.Min(ClaimedAtOnce, _claims.Room());
        if (room == 0)
            return 0;

        var due = await _runs.ClaimDueAsync(
            now, _policy.LatestDue(now), _worker.Value, now + _options.Lease, room, cancellationToken);
        _claims.Open(due, _publisher.IsLocal ? _options.Lease : ClaimWindow.Elsewhere);
        await Task.WhenAll(due.Select(logId => _publisher.PublishAsync(new RunDue(logId))));
        return due.Count;
    }

    private async Task WaitAsync(TimeSpan? next, Task earlier, CancellationToken cancellationToken)
    {
        var scan = _options.Scan * (1 + (Random.Shared.NextDouble() / 2));
        var delay = next < scan ? next.Value : scan;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, _time, over.Token), earlier);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Down(Exception failure)
    {
        if (!_isDown)
            RunsNotClaimed(failure.Message);
        _isDown = true;
    }

    private void Up()
    {
        if (_isDown)
            RunsClaimedAgain();
        _isDown = false;
    }

    [LoggerMessage(LogLevel.Error, "Due runs could not be claimed and sent; tried again until it works: {Reason}")]
    private partial void RunsNotClaimed(string reason);

    [LoggerMessage(LogLevel.Information, "Due runs are claimed and sent again")]
    private partial void RunsClaimedAgain();
}
