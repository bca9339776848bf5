using System.Diagnostics;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// What an operator does beside the workers: <c>worker delete</c> on a whole trace every now and then, once all of it
/// is stored, so that what still comes for it is known to be absorbed; and <c>worker retention</c>, because a worker
/// that is killed leaves the lease on retention behind for longer than most of them live here.
/// </summary>
internal sealed class SoakOperator(
    SoakTraffic traffic, ILogStore logs, IReadOnlyDictionary<string, string> settings, SoakFaults faults)
{
    private const int NotFound = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly HashSet<int> _erased = [];
    private long _swept;

    /// <summary>How often <see cref="SweepAsync"/> looks.</summary>
    public static readonly TimeSpan Swept = TimeSpan.FromSeconds(20);

    /// <summary>The traces that <c>worker delete</c> has removed.</summary>
    public IReadOnlySet<int> Erased => _erased;

    /// <summary>Until it is cancelled; ends what it has begun.</summary>
    public async Task RunAsync(Publisher publisher, CancellationToken enough)
    {
        for (var trace = 0; !enough.IsCancellationRequested;)
        {
            await Task.Delay(Pause, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await SweepAsync();
            while (SoakTraffic.FateOf(trace) != Fate.Erasable)
                trace++;
            if (enough.IsCancellationRequested || trace >= publisher.Traces)
                continue;
            if (await IsStoredAsync(trace) && await EraseAsync(SoakTraffic.HeadOf(trace)))
                _erased.Add(trace);
            trace++;
        }
    }

    /// <summary>
    /// Looks for what is old, if that was not done just now. Whether the store is there is not asked: next time is as
    /// good.
    /// </summary>
    public async Task SweepAsync()
    {
        if (_swept != 0 && Stopwatch.GetElapsedTime(_swept) < Swept)
            return;
        _swept = Stopwatch.GetTimestamp();
        await SoakProgram.RunAsync(["retention"], settings, CancellationToken.None);
    }

    private async Task<bool> IsStoredAsync(int trace)
    {
        var expected = new Expected(trace, traffic.Make(trace));
        try
        {
            return (await logs.ReadAsync([.. expected.Logs.Keys], CancellationToken.None)).Count == expected.Logs.Count;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>While the store is away the command fails, and is given again.</summary>
    private async Task<bool> EraseAsync(string head)
    {
        var began = Stopwatch.GetTimestamp();
        for (var again = false; ; again = true)
        {
            var (code, _, error) = await SoakProgram.RunAsync(
                ["delete", head, "--yes", "--json"], settings, CancellationToken.None);
            if (code == 0 || (again && code == NotFound))
                return true;
            if (Stopwatch.GetElapsedTime(began) > Limit)
            {
                faults.Add($"worker delete {head} ended with code {code} for {Limit.TotalSeconds} s: {error.Trim()}");
                return false;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }
}
