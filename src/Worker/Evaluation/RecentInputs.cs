using Worker.Runs;

namespace Worker.Evaluation;

/// <summary>
/// The traces that Evaluators were asked about a moment ago: all of a revision are asked about the same at about the
/// same time, and it is read once for them. Bounded by age and bytes. Safe for concurrent use.
/// </summary>
internal sealed class RecentInputs(TimeProvider time)
{
    /// <summary>Content that changes meanwhile is found by the next revision.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private const long MostBytes = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Task<TraceJson?>> _known = [];
    private readonly Queue<(Key Key, long At, long Bytes)> _ages = [];
    private long _bytes;

    /// <summary>
    /// As <paramref name="read"/> gives it. What failed, or has changed since, is read anew by the next.
    /// </summary>
    public async Task<TraceJson?> OfAsync(Run run, Func<Task<TraceJson?>> read)
    {
        var key = new Key(run.LogId, run.Revision, run.Digest);
        var own = new TaskCompletionSource<TraceJson?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<TraceJson?>? others;
        lock (_lock)
        {
            Forget();
            if (!_known.TryGetValue(key, out others))
                _known[key] = own.Task;
        }

        if (others is not null)
            return await others;

        // Outside the lock: what reads may do so at once, and other traces are read meanwhile.
        try
        {
            var json = await read();
            Remember(key, json);
            own.SetResult(json);
        }
        catch (Exception failure)
        {
            Remember(key, null);
            own.SetException(failure);
        }

        return await own.Task;
    }

    private void Remember(Key key, TraceJson? json)
    {
        lock (_lock)
        {
            if (json is null)
            {
                _known.Remove(key);
                return;
            }

            _bytes += json.Json.Length;
            _ages.Enqueue((key, time.GetTimestamp(), json.Json.Length));
            Forget();
        }
    }

    private void Forget()
    {
        while (_ages.TryPeek(out var oldest) && (_bytes > MostBytes || time.GetElapsedTime(oldest.At) > Kept))
        {
            _ages.Dequeue();
            _known.Remove(oldest.Key);
            _bytes -= oldest.Bytes;
        }
    }

    private readonly record struct Key(string LogId, int Revision, string? Digest);
}
