using System.Threading.RateLimiting;
using Worker.Storage;

namespace Worker.Front;

/// <summary>
/// The keys as this front knows them, read again after ten seconds: so long may one that was revoked still open. While
/// the store does not answer, those that are known go on opening.
/// </summary>
internal sealed class KeyRing(IKeyStore store, Outage outage, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly Dictionary<string, TokenBucketRateLimiter> _limiters = new(StringComparer.Ordinal);
    private volatile Dictionary<string, ApiKey>? _keys;
    private long _readAt;

    /// <summary>
    /// Whether there ever was a key: then nobody comes in without one. Throws <see cref="KeysUnreadException"/> where
    /// nobody knows.
    /// </summary>
    public async ValueTask<bool> IsUsedAsync() => (await CurrentAsync()).Count > 0;

    /// <summary>
    /// The key that a text opens with; null where it opens nothing. Throws as <see cref="IsUsedAsync"/>.
    /// </summary>
    public async ValueTask<ApiKey?> FindAsync(string text) =>
        KeySecret.IdOf(text) is { } id
        && (await CurrentAsync()).GetValueOrDefault(id) is { RevokedAt: null } key
        && KeySecret.Opens(text, key)
            ? key
            : null;

    /// <summary>
    /// The key of that id; null where there is none, or it was revoked. Throws as <see cref="IsUsedAsync"/>.
    /// </summary>
    public async ValueTask<ApiKey?> StandingAsync(string id) =>
        (await CurrentAsync()).GetValueOrDefault(id) is { RevokedAt: null } key ? key : null;

    /// <summary>Whether a key may ask once more now.</summary>
    public bool IsWithinRate(ApiKey key)
    {
        if (key.Rate is not { } rate)
            return true;
        TokenBucketRateLimiter? limiter;
        lock (_limiters)
        {
            if (!_limiters.TryGetValue(key.Id, out limiter))
                _limiters[key.Id] = limiter = Limiter(rate);
        }

        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        foreach (var limiter in _limiters.Values)
            limiter.Dispose();
        _reading.Dispose();
    }

    private async ValueTask<Dictionary<string, ApiKey>> CurrentAsync()
    {
        if (_keys is { } known && time.GetElapsedTime(Volatile.Read(ref _readAt)) < FreshFor)
            return known;
        await _reading.WaitAsync();
        try
        {
            if (_keys is null || time.GetElapsedTime(_readAt) >= FreshFor)
                await ReadAsync();
            return _keys!;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            _keys = (await store.ListAsync(patience.Token)).ToDictionary(key => key.Id, StringComparer.Ordinal);
            outage.Read();
        }
        catch (Exception exception) when (StoredLogs.IsFault(exception))
        {
            outage.Unread(exception.Message);
            if (_keys is null)
                throw new KeysUnreadException(exception);
        }

        // Where it did not answer, too: not every request is to wait for it.
        Volatile.Write(ref _readAt, time.GetTimestamp());
    }

    private static TokenBucketRateLimiter Limiter(int rate) => new(new()
    {
        TokenLimit = rate,
        TokensPerPeriod = rate,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    });
}
