using Worker.RabbitMq;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// Mixed load for minutes, while workers are killed and stopped and their servers go away; afterwards everything that
/// was published has to be accounted for, and memory and handles have to be flat.
/// </summary>
internal static class SoakBenchmark
{
    public static async Task<int> RunAsync(SoakSettings settings, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("soak", json);
        string? restarted = null;
        await using (var broker = await Broker.ConnectAsync(cancellationToken))
        {
            if (await SoakBroker.ReadyAsync(RabbitMqTopology.DeadQueue, cancellationToken) > 0)
                throw new InvalidOperationException(
                    $"{RabbitMqTopology.DeadQueue} is not empty; a soak needs a broker of its own, " +
                    "e.g. eng/servers.sh start.");
            report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} beside the workers");
            if (settings.Restart)
                restarted = broker.Version.StartsWith('3') ? "rabbitmq" : "rabbitmq4";
        }

        if (restarted is not null && !await MayRestartAsync(restarted, settings.Store, cancellationToken))
        {
            Report.Progress(
                $"--restart: the servers are not those of eng/servers.sh; without it they are cut off at a relay.");
            return 2;
        }

        await using var store = new TemporaryStore(settings.Store);
        await using var servers = new SoakServers(store, settings.Store, restarted);
        State(report, settings, servers);
        using var host = await store.OpenAsync(cancellationToken);
        var said = Directory.CreateTempSubdirectory("worker-soak-").FullName;
        var faults = new SoakFaults();
        await new Soak(settings, servers, host.Services, report, faults, said).RunAsync(cancellationToken);

        foreach (var fault in faults.Said)
            report.Fault(fault);
        if (faults.Count == 0)
            Directory.Delete(said, recursive: true);
        else
            Report.Progress($"{faults.Count} faults, by --seed {settings.Seed}; what the workers said is in {said}");
        return report.Finish();
    }

    private static void State(Report report, SoakSettings settings, SoakServers servers)
    {
        report.State(
            "load",
            $"{settings.Rate} messages/s for {settings.Length.TotalMinutes:0.##} minutes, seed {settings.Seed}");
        report.State("settings", $"{settings.Workers} worker(s), {TemporaryStore.Describe(settings.Store)}");
        report.State(
            "retention",
            $"of an eighth of the traces, after {SoakSettings.Age.TotalSeconds} s: by a worker, by worker retention");
        report.State(
            "faults",
            $"workers killed and stopped (first 60 %), the broker {servers.BrokerGoes}, the store {servers.StoreGoes}");
    }

    private static async Task<bool> MayRestartAsync(
        string broker, StoreKind store, CancellationToken cancellationToken) =>
        await LocalServers.HasAsync(broker, Broker.Uri!, cancellationToken)
        && (store == StoreKind.Sqlite
            || await LocalServers.HasAsync("engine", TemporaryStore.MongoDb!, cancellationToken));
}
