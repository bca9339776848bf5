using System.Diagnostics;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// <c>worker delete</c> beside the workers, every now and then: a whole trace, once all of it is stored, so that what
/// still comes for it is known to be absorbed.
/// </summary>
internal sealed class Eraser(
    SoakTraffic traffic, ILogStore logs, IReadOnlyDictionary<string, string> settings, SoakFaults faults)
{
    private const int NotFound = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly HashSet<int> _erased = [];

    /// <summary>The traces that are gone.</summary>
    public IReadOnlySet<int> Erased => _erased;

    /// <summary>Until it is cancelled; ends what it has begun.</summary>
    public async Task RunAsync(Publisher publisher, CancellationToken enough)
    {
        for (var trace = 0; !enough.IsCancellationRequested; trace++)
        {
            await Task.Delay(Pause, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (SoakTraffic.FateOf(trace) != Fate.Erasable)
                trace++;
            if (enough.IsCancellationRequested || trace >= publisher.Traces || !await IsStoredAsync(trace))
                continue;
            if (await EraseAsync(SoakTraffic.HeadOf(trace)))
                _erased.Add(trace);
        }
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
            var (code, _, error) = await SoakProgram.RunAsync(["delete", head, "--yes", "--json"], settings, CancellationToken.None);
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
