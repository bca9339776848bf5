using Worker.Errors;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Wake-ups that came to nothing because the store did not answer. Each is made again when its run's claim lapses, so
/// they are told together: at once, and then once a minute. Safe for concurrent use.
/// </summary>
internal sealed partial class FailedWakeUps(TimeProvider time, ILogger<FailedWakeUps> logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _toldAt;
    private int _untold;

    /// <summary>False for a failure that is another, and not told here.</summary>
    public bool Take(Exception failure)
    {
        if (Cause(failure) is not { } cause)
            return false;
        int count;
        lock (_lock)
        {
            _untold++;
            if (_toldAt is { } last && time.GetElapsedTime(last) < Silence)
                return true;
            (count, _untold, _toldAt) = (_untold, 0, time.GetTimestamp());
        }

        WakeUpsFailed(count, cause.Message);
        return true;
    }

    private static StoreUnavailableException? Cause(Exception? failure)
    {
        while (failure is not (null or StoreUnavailableException))
            failure = failure.InnerException;
        return failure as StoreUnavailableException;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Due runs could not be looked at, {Count} since this was told last; " +
            "each is looked at again when its claim has lapsed: {Reason}")]
    private partial void WakeUpsFailed(int count, string reason);
}
