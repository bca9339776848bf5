using Polly;
using Polly.Retry;
using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// How often the store is asked again before a caller hears that it is unavailable: three more times within about a
/// second, with growing, jittered pauses. Longer outages are for the callers, who stop consuming meanwhile.
/// </summary>
internal sealed class StoreResilience(TimeProvider time)
{
    private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StoreUnavailableException>(),
            MaxRetryAttempts = 3,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            UseJitter = true,
        })
        .Build();

    public ValueTask<T> ExecuteAsync<T>(
        Func<CancellationToken, ValueTask<T>> callback, CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(callback, cancellationToken);

    public ValueTask ExecuteAsync(Func<CancellationToken, ValueTask> callback, CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(callback, cancellationToken);
}
