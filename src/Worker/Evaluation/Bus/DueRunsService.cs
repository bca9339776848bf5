using MassTransit;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Worker.Diagnostics;
using Worker.Errors;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Claims runs that are due and tells the saga: when a run that this process woke falls due, else every
/// <see cref="EvaluationOptions.Scan"/>, which finds what other workers left behind. While ingestion is behind and many
/// Evaluators wait to be asked, runs are begun slowly: they would wait, too, once they are written down.
/// </summary>
internal sealed partial class DueRunsService(
    IRunStore runs,
    EvaluatorVersions versions,
    ClaimWindow claims,
    BusPublisher publisher,
    AttemptQueue attempts,
    IBacklogSign backlog,
    LocalDueTimes timers,
    WorkerId worker,
    IOptions<EvaluationOptions> evaluation,
    EvaluationPolicy policy,
    TimeProvider time,
    ILogger<DueRunsService> logger) : BackgroundService
{
    private const int ClaimedAtOnce = 200;

    /// <summary>While it is held back: so many, and then a pause.</summary>
    private const int FewAtOnce = 4;
    private const int ManyAttempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly EvaluationOptions _options = evaluation.Value;
    private bool _isDown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var untilItAnswers = UntilItAnswers();
        await untilItAnswers.ExecuteAsync(async token => await versions.StoreAsync(token), stoppingToken);
        while (true)
        {
            // Times are forgotten before the claim, so that none set during it is missed.
            var began = time.GetTimestamp();
            var (next, earlier) = timers.After();
            var isHeldBack = backlog.IsBehind && attempts.InHand > ManyAttempts;
            var most = isHeldBack ? FewAtOnce : ClaimedAtOnce;
            var claimed = await untilItAnswers.ExecuteAsync(token => SendDueAsync(most, token), stoppingToken);
            Up();
            if (isHeldBack)
                await Task.Delay(Pause, time, stoppingToken);
            else if (claimed < ClaimedAtOnce)
                await WaitAsync(next - time.GetElapsedTime(began), earlier, stoppingToken);
        }
    }

    private async ValueTask<int> SendDueAsync(int most, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var room = Math.Min(most, claims.Room());
        if (room == 0)
            return 0;

        var due = await runs.ClaimDueAsync(
            now, policy.LatestDue(now), worker.Value, now + _options.Lease, room, cancellationToken);
        claims.Open(due, publisher.IsLocal ? _options.Lease : ClaimWindow.Elsewhere);
        await Task.WhenAll(due.Select(logId => publisher.PublishAsync(new RunDue(logId))));
        return due.Count;
    }

    private async Task WaitAsync(TimeSpan? next, Task earlier, CancellationToken cancellationToken)
    {
        var scan = _options.Scan * (1 + (Random.Shared.NextDouble() / 2));
        var delay = next < scan ? next.Value : scan;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, time, over.Token), earlier);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private ResiliencePipeline UntilItAnswers() => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder()
                .Handle<StoreUnavailableException>()
                .Handle<TimeoutException>()
                .Handle<MassTransitException>(),
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

    [LoggerMessage(
        LogLevel.Error,
        "Due runs could not be claimed and sent; this is tried again until it works: {Reason}")]
    private partial void RunsNotClaimed(string reason);

    [LoggerMessage(LogLevel.Information, "Due runs were claimed and sent again")]
    private partial void RunsClaimedAgain();
}
