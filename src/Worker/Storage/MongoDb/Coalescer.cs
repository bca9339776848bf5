namespace Worker.Storage.MongoDb;

/// <summary>
/// Makes one command of many callers' requests. Nobody waits for company: a request goes at once while few commands are under
/// way; those that come meanwhile go together with the next. What fails together is tried each alone, so that a failure fails
/// only itself; an outage fails all.
/// </summary>
/// <param name="run">Answers requests, in their order. Is not cancelled: a caller who leaves does not take the others with him.</param>
/// <param name="weight">Of one request, e.g. its documents; so many go together at most, or one that weighs more.</param>
internal sealed class Coalescer<TRequest, TAnswer>(Func<IReadOnlyList<TRequest>, Task<IReadOnlyList<TAnswer>>> run, Func<TRequest, int> weight)
{
    private const int MaxWeight = 1_000;
    private const int MaxUnderWay = 2;

    private readonly Lock _lock = new();
    private readonly Queue<(TRequest Request, TaskCompletionSource<TAnswer> Answer)> _waiting = new();
    private int _underWay;

    /// <summary>Throws what the command throws. When it is cancelled, the request may be done all the same.</summary>
    public Task<TAnswer> RunAsync(TRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool begins;
        lock (_lock)
        {
            _waiting.Enqueue((request, answer));
            begins = _underWay < MaxUnderWay;
            _underWay += begins ? 1 : 0;
        }

        if (begins)
            _ = RunWaitingAsync();
        return answer.Task.WaitAsync(cancellationToken);
    }

    private async Task RunWaitingAsync()
    {
        while (Take() is { Count: > 0 } together)
            await RunTogetherAsync(together);
    }

    private List<(TRequest Request, TaskCompletionSource<TAnswer> Answer)> Take()
    {
        var together = new List<(TRequest, TaskCompletionSource<TAnswer>)>();
        lock (_lock)
        {
            for (var total = 0; _waiting.TryPeek(out var next); together.Add(_waiting.Dequeue()))
            {
                total += weight(next.Request);
                if (total > MaxWeight && together.Count > 0)
                    break;
            }

            if (together.Count == 0)
                _underWay--;
        }

        return together;
    }

    private async Task RunTogetherAsync(List<(TRequest Request, TaskCompletionSource<TAnswer> Answer)> together)
    {
        try
        {
            var answers = await run([.. together.Select(item => item.Request)]);
            foreach (var (item, answer) in together.Zip(answers))
                item.Answer.SetResult(answer);
        }
        catch (Exception exception) when (together.Count == 1 || exception is StoreUnavailableException)
        {
            foreach (var item in together)
                item.Answer.TrySetException(exception);
        }
        catch (Exception)
        {
            foreach (var item in together)
                await RunTogetherAsync([item]);
        }
    }
}
