using System.Diagnostics;
using Worker.RabbitMq;

namespace Worker.Benchmarks.Soak;

/// <summary>Carries out the schedule of faults, one after the other, and says each.</summary>
internal sealed class Chaos(
    IReadOnlyList<PlannedFault> plan, IReadOnlyList<SoakWorker> workers, SoakServers servers, SoakFaults faults)
{
    /// <summary>A worker is back within that time, whatever happened to it and its servers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>What was done, and how often.</summary>
    public Dictionary<FaultKind, int> Done { get; } = Enum.GetValues<FaultKind>().ToDictionary(kind => kind, _ => 0);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var fault in plan)
        {
            var elapsed = Stopwatch.GetElapsedTime(began);
            if (fault.At > elapsed)
                await Task.Delay(fault.At - elapsed, cancellationToken);
            Report.Progress($"{Stopwatch.GetElapsedTime(began):mm\\:ss} {InWords(fault)}");
            await DoAsync(fault, cancellationToken);
            Done[fault.Kind]++;
        }
    }

    private async Task DoAsync(PlannedFault fault, CancellationToken cancellationToken)
    {
        var worker = workers[fault.Worker];
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await worker.KillAsync(fault.Length / 4, cancellationToken);
                return;
            case FaultKind.Stop:
                await AllConsumeAsync(cancellationToken);
                faults.AddRange(await worker.StopAsync(again: true, cancellationToken));
                return;
        }

        var away = fault.Kind == FaultKind.BrokerAway
            ? servers.BrokerAwayAsync(fault.Length, cancellationToken)
            : servers.StoreAwayAsync(fault.Length, cancellationToken);
        if (fault.Kills)
        {
            await Task.Delay(fault.Length / 2, cancellationToken);
            await worker.KillAsync(TimeSpan.Zero, cancellationToken);
            Done[FaultKind.Kill]++;
        }

        await away;
    }

    /// <summary>Only who takes messages has an account of them.</summary>
    public async Task AllConsumeAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (await SoakBroker.ConsumersAsync(RabbitMqTopology.IngestQueue, cancellationToken) < workers.Count)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                faults.Add($"Not every worker took messages again within {Patience.TotalSeconds} s.");
                return;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private string InWords(PlannedFault fault) => fault.Kind switch
    {
        FaultKind.Kill => $"SIGKILL to {workers[fault.Worker].Name}",
        FaultKind.Stop => $"SIGTERM to {workers[fault.Worker].Name}",
        FaultKind.BrokerAway => $"the broker is {servers.BrokerGoes}{Meanwhile(fault)}",
        _ => $"the store is {servers.StoreGoes}{Meanwhile(fault)}",
    };

    private string Meanwhile(PlannedFault fault)
    {
        var length = FormattableString.Invariant($" (for {fault.Length.TotalSeconds:0.0} s, if not restarted)");
        return fault.Kills ? $"{length}, and SIGKILL to {workers[fault.Worker].Name}" : length;
    }
}
