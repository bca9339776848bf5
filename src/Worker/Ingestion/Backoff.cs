using Polly;
using Polly.Retry;

namespace Worker.Ingestion;

/// <summary>
/// Waiting for a server: for ever, with growing, jittered pauses from a quarter of a second to ten seconds.
/// </summary>
internal static class Backoff
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public static ResiliencePipeline Forever(TimeProvider time, Func<Exception, bool> isOutage) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is { } exception && isOutage(exception)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(250),
                MaxDelay = Longest,
                UseJitter = true,
            })
            .Build();
}
