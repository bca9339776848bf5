using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Makes one command of many callers' requests. Nobody waits for company: a request goes at once while no command is
/// under way; those that come meanwhile go together with the next. What fails together is tried again by halves, so
/// that in the end a failure fails only itself: each request has to bear being repeated. What fails whole commands
/// fails all.
/// </summary>
/// <param name="run">
/// Answers requests, in their order. Is not cancelled: a caller who leaves does not take the others with him.
/// </param>
/// <param name="weight">
/// Of one request, e.g. its documents; so many go together at most, or one that weighs more.
/// </param>
internal sealed class Coalescer<TRequest, TAnswer>(
    Func<IReadOnlyList<TRequest>, Task<IReadOnlyList<TAnswer>>> run, Func<TRequest, int> weight)
{
    private const int MaxWeight = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _isUnderWay;

    /// <summary>
    /// Throws what the command throws. A request that is cancelled before it is sent is not sent; afterwards it may be
    /// done all the same.
    /// </summary>
    public Task<TAnswer> RunAsync(TRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new Waiting(
            request, weight(request), new(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        bool begins;
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            begins = !_isUnderWay;
            _isUnderWay = true;
        }

        if (begins)
            _ = RunWaitingAsync();
        return waiting.Answer.Task.WaitAsync(cancellationToken);
    }

    private async Task RunWaitingAsync()
    {
        while (Take() is { Count: > 0 } together)
            await RunTogetherAsync(together);
    }

    private List<Waiting> Take()
    {
        var together = new List<Waiting>();
        lock (_lock)
        {
            for (var total = 0; _waiting.TryPeek(out var next); _waiting.Dequeue())
            {
                if (together.Count > 0 && total + next.Weight > MaxWeight)
                    break;
                if (next.Cancellation.IsCancellationRequested)
                    continue;
                together.Add(next);
                total += next.Weight;
            }

            _isUnderWay = together.Count > 0;
        }

        return together;
    }

    private async Task RunTogetherAsync(List<Waiting> together)
    {
        try
        {
            var answers = await run([.. together.Select(waiting => waiting.Request)]);
            if (answers.Count != together.Count)
                throw new InvalidOperationException($"{together.Count} requests got {answers.Count} answers.");
            foreach (var (waiting, answer) in together.Zip(answers))
                waiting.Answer.SetResult(answer);
        }
        catch (Exception exception) when (together.Count == 1 || IsOfAll(exception))
        {
            foreach (var waiting in together)
                waiting.Fail(exception);
        }
        catch (Exception)
        {
            var half = together.Count / 2;
            await RunTogetherAsync(together[..half]);
            await RunTogetherAsync(together[half..]);
        }
    }

    private static bool IsOfAll(Exception exception) =>
        exception is StoreUnusableException or (StoreUnavailableException and not MongoStatementException);

    private sealed record Waiting(
        TRequest Request, int Weight, TaskCompletionSource<TAnswer> Answer, CancellationToken Cancellation)
    {
        public void Fail(Exception exception)
        {
            Answer.SetException(exception);

            // Looked at, for a caller who has left looks no more.
            _ = Answer.Task.Exception;
        }
    }
}
