using System.Diagnostics;
using Worker.Errors;
using Worker.RabbitMq;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// What is owed when nothing more is published: waits until all of it is as it has to be, and in the end says what is
/// not.
/// </summary>
internal sealed class Settlement(
    SoakTraffic traffic, int traces, IReadOnlySet<int> erased, StoreInspection inspection, SoakFaults faults)
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Complete Flow Logs that have to be stored.</summary>
    public int Flows { get; private set; }

    public HashSet<string> DeadLetterIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Waits so long at most.</summary>
    /// <returns>How long it took; null when not all came to be.</returns>
    public async Task<TimeSpan?> WaitAsync(TimeSpan limit, Func<Task> look, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var said = TimeSpan.Zero;
        List<int> open = [.. Enumerable.Range(0, traces)];
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < limit)
        {
            await look();
            var ready = await SoakBroker.ReadyAsync(RabbitMqTopology.IngestQueue, cancellationToken);
            if (ready == 0)
            {
                var found = await CheckAsync(open, cancellationToken);
                open = [.. found.Where(each => each.Faults.Count > 0).Select(each => each.Trace)];
            }

            if (ready == 0 && open.Count == 0)
                return Stopwatch.GetElapsedTime(began);
            if (elapsed - said > TimeSpan.FromSeconds(10))
            {
                said = elapsed;
                Report.Progress(
                    $"{elapsed:mm\\:ss} more: {ready:N0} messages queued, {open.Count:N0} of {traces:N0} traces not done");
            }

            await Task.Delay(Pause, cancellationToken);
        }

        return null;
    }

    /// <summary>All once more, now that no worker runs; each fault is told.</summary>
    public async Task JudgeAsync(CancellationToken cancellationToken)
    {
        inspection.Restart();
        foreach (var (_, found) in await CheckAsync([.. Enumerable.Range(0, traces)], cancellationToken))
            faults.AddRange(found);
        foreach (var trace in Enumerable.Range(0, traces))
        {
            var expected = Expect(trace);
            DeadLetterIds.UnionWith(expected.DeadLetterIds);
            if (!IsGone(trace))
                Flows += expected.Logs.Values.Count(log => log is { IsDeleted: false, IsComplete: true });
        }
    }

    private async Task<List<(int Trace, IReadOnlyList<string> Faults)>> CheckAsync(
        List<int> open, CancellationToken cancellationToken)
    {
        List<(int, IReadOnlyList<string>)> checkedOnes = [];
        foreach (var part in open.Chunk(AtOnce))
        {
            checkedOnes.AddRange(await Task.WhenAll(
                part.Select(async trace => (trace, await CheckAsync(trace, cancellationToken)))));
        }

        return checkedOnes;
    }

    private async Task<IReadOnlyList<string>> CheckAsync(int trace, CancellationToken cancellationToken)
    {
        try
        {
            return await inspection.CheckAsync(Expect(trace), IsGone(trace), cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            return [$"{SoakTraffic.HeadOf(trace)} could not be looked at: {exception.Message}"];
        }
    }

    private Expected Expect(int trace) => new(trace, traffic.Make(trace));

    private bool IsGone(int trace) => SoakTraffic.FateOf(trace) == Fate.Aged || erased.Contains(trace);
}
