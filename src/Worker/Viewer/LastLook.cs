using Worker.Errors;

namespace Worker.Viewer;

/// <summary>
/// Something that is looked at where somebody asks, and told to whoever asks soon after, so that however many pages are
/// open, the servers are asked seldom: no more often than every two seconds, and the less, the longer a look takes.
/// Safe for concurrent use.
/// </summary>
internal sealed class LastLook<T>(Func<CancellationToken, Task<T>> look, TimeProvider time)
    where T : class
{
    private const int Share = 20;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task<T?> _last = Task.FromResult<T?>(null);
    private long _at;
    private TimeSpan _pause = TimeSpan.MinValue;

    /// <summary>Null where it cannot be told now: the server does not answer, or not within three seconds.</summary>
    public async Task<T?> GetAsync()
    {
        Task<T?> last;
        lock (_lock)
        {
            if (_last.IsCompleted && time.GetElapsedTime(_at) > _pause)
                _last = LookAsync();
            last = _last;
        }

        try
        {
            return await last.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Under no caller's token, because the answer is for whoever asks next, too.</summary>
    private async Task<T?> LookAsync()
    {
        await Task.Yield();
        var began = time.GetTimestamp();
        try
        {
            return await look(CancellationToken.None);
        }
        catch (Exception exception) when (exception
            is StoreUnavailableException or StoreUnexpectedException or ServerUnreachableException)
        {
            return null;
        }
        finally
        {
            lock (_lock)
            {
                _at = time.GetTimestamp();
                var took = time.GetElapsedTime(began) * Share;
                _pause = took > Least ? took : Least;
            }
        }
    }
}
