using System.Globalization;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Worker.Errors;
using Worker.Runs;
using Outcome = Worker.Runs.Outcome;

namespace Worker.Evaluation;

/// <summary>
/// Asks one Evaluator, and holds what is its own alone: pace, further tries, breaker, pause. Whatever happens to it
/// touches no other.
/// </summary>
/// <param name="audit">Null where nobody is to write down that it is paused: of a trial.</param>
internal sealed class EvaluatorCalls(
    Evaluator evaluator, Spending spending, TimeProvider time, EvaluatorAudit? audit = null)
{
    /// <summary>How long it is left alone after most of its calls failed.</summary>
    public static readonly TimeSpan Break = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>A wait that is longer does not keep a call open: the verdict is put off.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private const string AskedAgain = " It is asked again at ";
    private const string TriedAgain = " It is paused, and tried again at ";

    private readonly CallPace _pace = new(evaluator.Limits.Rate, time);
    private readonly ResiliencePipeline<EvaluatorAnswer> _pipeline = Pipeline(evaluator.Limits, time);
    private volatile Pause? _pause;

    /// <summary>Why it is not asked now; null when it may be.</summary>
    public Deferral? Paused => _pause is { } pause && time.GetUtcNow() < pause.Until
        ? new(Outcome.Paused, pause.Reason, pause.Until, IsTry: false)
        : null;

    /// <summary>Why alone, for whoever does not ask again.</summary>
    public static string WhyOf(Deferral deferral) => new[] { AskedAgain, TriedAgain }
        .Select(again => deferral.Reason.LastIndexOf(again, StringComparison.Ordinal))
        .Where(at => at >= 0)
        .Select(at => deferral.Reason[..at])
        .FirstOrDefault(deferral.Reason);

    /// <param name="input">What it is asked about.</param>
    /// <param name="tries">How often it was asked before, and could not answer.</param>
    public async Task<CallResult> AskAsync(EvaluatorInput input, int tries, CancellationToken cancellationToken)
    {
        var judged = VerdictSpan.SpanOf(input);
        using var span = CallSpan.Start(input, judged);
        var result = await AskOrDeferAsync(input, tries, cancellationToken);
        spending.Metrics.Asked(evaluator, result.Deferral);
        CallSpan.End(span, evaluator, input, result, judged);
        return result;
    }

    private async Task<CallResult> AskOrDeferAsync(
        EvaluatorInput input, int tries, CancellationToken cancellationToken)
    {
        await _pace.WaitAsync(cancellationToken);
        if (Paused is { } paused)
            return new(null, paused);
        try
        {
            var answer = await _pipeline.ExecuteAsync(
                async token => await spending.SpendAsync(evaluator, input, token), cancellationToken);
            await ResumeAsync();
            return new(answer, null);
        }
        catch (BrokenCircuitException broken)
        {
            var reason = $"Most of its calls failed, the last with: {broken.InnerException?.Message}";
            return new(null, Wait(reason, broken.RetryAfter ?? Break, isTry: false));
        }
        catch (OverBudgetException failure)
        {
            var reason = $"{failure.Message}{AskedAgain}{Words(failure.Until)}.";
            return new(null, new(Outcome.OverBudget, reason, failure.Until, IsTry: false));
        }
        catch (EvaluatorPausedException failure)
        {
            return new(null, await PauseForAsync(failure.Message));
        }
        catch (TransientCallException failure)
        {
            return AgainLater(failure.Message, tries, failure.RetryAfter);
        }
        catch (TimeoutRejectedException)
        {
            return AgainLater($"It gave no answer within {evaluator.Limits.Timeout.TotalSeconds:0.#} s.", tries, null);
        }
        catch (Exception failure) when (
            failure is not (OutOfMemoryException or StoreUnavailableException)
            && !cancellationToken.IsCancellationRequested)
        {
            return Failed($"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private CallResult AgainLater(string reason, int tries, TimeSpan? after)
    {
        if (tries + 1 >= evaluator.Limits.Tries)
            return Failed($"It was asked {tries + 1} times, and could not answer. The last time: {reason}");
        var pause = TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, tries), 1800));
        return new(null, Wait(reason, after > pause ? after.Value : pause, isTry: true));
    }

    private static CallResult Failed(string error) => new(new EvaluatorAnswer(null) { Error = error }, null);

    private Deferral Wait(string reason, TimeSpan pause, bool isTry)
    {
        var limit = pause < Pin.LongestDeferral ? pause : Pin.LongestDeferral;
        var until = time.GetUtcNow() + (limit * (1 + (Random.Shared.NextDouble() / 10)));
        return new(Outcome.Waiting, $"{reason}{AskedAgain}{Words(until)}.", until, isTry);
    }

    private async Task<Deferral> PauseForAsync(string reason)
    {
        var length = _pause is { } before && before.Length * 2 < LongestPause ? before.Length * 2
            : _pause is null ? FirstPause
            : LongestPause;
        var until = time.GetUtcNow() + length;
        var pause = new Pause(until, length, $"{reason}{TriedAgain}{Words(until)}.");
        if (Interlocked.Exchange(ref _pause, pause) is null && audit is not null)
            await audit.PausedAsync(evaluator);
        return new(Outcome.Paused, pause.Reason, until, IsTry: false);
    }

    private async Task ResumeAsync()
    {
        if (_pause is not null && Interlocked.Exchange(ref _pause, null) is not null && audit is not null)
            await audit.ResumedAsync(evaluator);
    }

    private static string Words(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static ResiliencePipeline<EvaluatorAnswer> Pipeline(CallLimits limits, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<EvaluatorAnswer> { TimeProvider = time };
        if (limits.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<EvaluatorAnswer>
            {
                ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception switch
                {
                    TransientCallException failure => !(failure.RetryAfter > LongestWait),
                    TimeoutRejectedException => true,
                    _ => false,
                }),
                DelayGenerator = retry => ValueTask.FromResult(
                    (retry.Outcome.Exception as TransientCallException)?.RetryAfter),
                MaxRetryAttempts = limits.Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = LongestWait,
                UseJitter = true,
            });
        }

        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<EvaluatorAnswer>
            {
                ShouldHandle = new PredicateBuilder<EvaluatorAnswer>()
                    .Handle<TransientCallException>()
                    .Handle<TimeoutRejectedException>(),
                FailureRatio = 0.8,
                MinimumThroughput = 8,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Break,
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = limits.Timeout })
            .Build();
    }

    private sealed record Pause(DateTimeOffset Until, TimeSpan Length, string Reason);
}
