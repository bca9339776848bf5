using Worker.Storage;

namespace Worker.DeadLetters;

/// <summary>
/// Watches the first redriven letter: has a worker taken it, and has it not come back? Made of what can be asked of any
/// queue.
/// </summary>
/// <param name="waiting">How many messages wait to be taken.</param>
/// <param name="dead">How many dead letters there are.</param>
/// <param name="newest">Gives that many of the dead letters that were added last.</param>
internal sealed class Canary(
    Func<Task<long>> waiting,
    Func<Task<long>> dead,
    Func<long, Task<IReadOnlyList<DeadLetter>>> newest,
    TimeProvider time)
{
    public static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Null when the others may follow; else why not, as a sentence.</summary>
    /// <param name="canary">The letter that went out.</param>
    /// <param name="before">How many dead letters there are without it: it may be back already.</param>
    public async Task<string?> WatchAsync(DeadLetter canary, long before, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (await waiting() is var ahead and > 0)
        {
            if (time.GetElapsedTime(began) > TakenWithin)
            {
                return $"The first letter went out and no worker took it within {TakenWithin.TotalSeconds:0} s " +
                    $"({ahead} messages wait); start a worker, or wait until it has caught up, " +
                    "and redrive the others then.";
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < BackWithin)
        {
            await Task.Delay(Pause, time, cancellationToken);
            if (await dead() is var now && now > before && await FindAsync(canary, now - before) is { } back)
                return $"The first letter came back ({back.Reason}): {back.Detail} The others were not sent.";
        }

        return null;
    }

    // It may be refused for another reason now; its body is the same.
    private async Task<DeadLetter?> FindAsync(DeadLetter canary, long added) =>
        (await newest(added)).FirstOrDefault(
            letter => letter.BodyHash == canary.BodyHash && letter.Kind == canary.Kind);
}
