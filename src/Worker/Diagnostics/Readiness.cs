namespace Worker.Diagnostics;

/// <summary>
/// Whether this process does its work: all that it needs is there, and nobody has told it to stop. What was found is
/// told for a second, so that whoever asks often costs the servers nothing. Safe for concurrent use.
/// </summary>
internal sealed class Readiness(
    IEnumerable<IReadySign> signs, IHostApplicationLifetime lifetime, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _looking = new(1);
    private (IReadOnlyList<string> Missing, long At)? _last;

    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>What is missing, a sentence each; none when it is ready. Answers within seconds.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(CancellationToken cancellationToken)
    {
        var missing = IsStopping ? [] : await LookAsync(cancellationToken);
        return IsStopping ? ["The worker was told to stop"] : missing;
    }

    public void Dispose() => _looking.Dispose();

    private async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < FreshFor)
                return last.Missing;
            var found = await Task.WhenAll(signs.Select(MissingAsync));
            IReadOnlyList<string> missing = [.. found.OfType<string>()];
            _last = (missing, time.GetTimestamp());
            return missing;
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>Under no caller's token, because the answer is for whoever asks next, too.</summary>
    private async Task<string?> MissingAsync(IReadySign sign)
    {
        using var timeUp = new CancellationTokenSource(Patience, time);
        try
        {
            return await sign.IsThereAsync(timeUp.Token).WaitAsync(timeUp.Token) ? null : sign.Missing;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return sign.Missing;
        }
    }
}
