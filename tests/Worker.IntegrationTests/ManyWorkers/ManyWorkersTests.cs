using Worker.IntegrationTests.Crash;
using Worker.IntegrationTests.Support;
using static Worker.IntegrationTests.Crash.Aftermath;

namespace Worker.IntegrationTests.ManyWorkers;

/// <summary>
/// Several workers share a queue and a database, and anything may go away under them. The seed is printed, as for
/// <see cref="CrashTests"/>.
/// </summary>
[Collection(Lanes.Crashes)]
public sealed class ManyWorkersTests
{
    private const int Workers = 3;
    private const int Traces = 400;
    private const int Waves = 12;
    private const int Unreachable = 4;
    private const int Restarted = 8;

    [ServerFact]
    public async Task Three_workers_lose_nothing_and_judge_nothing_twice_while_two_are_killed_and_the_store_goes_away()
    {
        await using var engine = await PrivateServer.EngineAsync();
        var address = engine?.Address ?? TestServers.MongoDb!;
        var server = MongoUri.Parse(address).Server;
        Assert.SkipWhen(
            server is null, "Needs WORKER_TEST_MONGODB to name one host, so that a relay can stand before it.");
        var (random, messages, oracle) = Begin(Traces);
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var storage = TestStorage.MongoDb(address);
        await using var relay = TcpRelay.To(server!.Value);
        var settings = WorkerProcess.Joined(storage.Through(relay), Settings);
        await using var fleet = WorkerFleet.Start(Workers, () => WorkerProcess.Run(storage.Path, host.Uri, settings));
        await fleet.UntilReadyAsync(broker);

        var aftermath = new Aftermath(storage, host.Uri, oracle);
        foreach (var (wave, part) in messages.Chunk((messages.Count / Waves) + 1).Index())
        {
            await broker.PublishAllAsync(part);
            await aftermath.MomentAsync(random);
            if (wave == Unreachable)
                await BeUnreachableAsync(relay, fleet, random);
            else if (wave == Restarted)
                await RestartAsync(engine, fleet, random);
            else
                await fleet.KillAndRestartAsync(Victim(random));
        }

        await fleet.UntilAsync("the queue is drained", aftermath.IsDrainedAsync);
        await aftermath.EverythingJudgedAsync(TimeSpan.FromMinutes(4));
        await fleet.UntilReadyAsync(broker);
        await fleet.TerminateAsync();
        Say($"drained, judged, stopped");
        await aftermath.ShouldBeAsExpectedAsync();
    }

    /// <summary>For 20 s nobody reaches the server; a worker that starts meanwhile waits for it.</summary>
    private static async Task BeUnreachableAsync(TcpRelay relay, WorkerFleet fleet, Random random)
    {
        relay.Cut();
        Say($"the server cannot be reached");
        var away = Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Task.Delay(random.Next(5_000), TestContext.Current.CancellationToken);
        await fleet.KillAndRestartAsync(Victim(random));
        await away;
        relay.Open();
        Say($"the server can be reached again");
    }

    private static async Task RestartAsync(PrivateServer? engine, WorkerFleet fleet, Random random)
    {
        await fleet.KillAndRestartAsync(Victim(random));
        if (engine is null)
        {
            Say($"the server is not one that eng/servers.sh started, so it is not restarted");
            return;
        }

        await engine.RestartAsync();
        Say($"the server was restarted");
    }

    /// <summary>Never the first.</summary>
    private static int Victim(Random random) => random.Next(1, Workers);
}
