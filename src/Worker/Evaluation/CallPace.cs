namespace Worker.Evaluation;

/// <summary>Lets calls begin no faster than a rate, in the order in which they come.</summary>
/// <param name="rate">Calls a second; null is no limit.</param>
internal sealed class CallPace(double? rate, TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _next;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (rate is not { } limit)
            return;

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var begin = _next > now ? _next : now;
            _next = begin + TimeSpan.FromSeconds(1 / limit);
            wait = begin - now;
        }

        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
    }
}
