namespace Worker.Evaluation;

/// <summary>
/// Room for the traces that do not fit into one page: few are judged at once in a process, so that its memory is
/// bounded and the small ones have their turn.
/// </summary>
internal sealed class LargeTraces(TimeProvider time) : IDisposable
{
    public const int AtOnce = 2;

    private readonly SemaphoreSlim _free = new(AtOnce);

    /// <summary>Null when no room came free in time. What is returned gives it back.</summary>
    public async Task<IDisposable?> EnterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var tooLong = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellationToken);
        try
        {
            await _free.WaitAsync(either.Token);
            return new Room(_free);
        }
        catch (OperationCanceledException)
            when (tooLong.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _free.Dispose();

    private sealed class Room(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? _free = free;

        public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
    }
}
