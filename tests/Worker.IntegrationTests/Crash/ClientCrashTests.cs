using Worker.IntegrationTests.Support;
using static Worker.IntegrationTests.Crash.Aftermath;

namespace Worker.IntegrationTests.Crash;

/// <summary>
/// Programs that log through Worker.Client are killed, and the broker is restarted between them: every call that was
/// published or spooled is a Log, once; what was in memory alone is bounded.
/// </summary>
[Collection(Lanes.Crashes)]
public sealed class ClientCrashTests
{
    private const int Kills = 12;
    private const int Memory = 200;
    private const int LastCalls = 500;

    private static readonly string[] Names = ["a", "b"];

    [RabbitMqFact]
    public async Task Every_call_is_accounted_for_after_kills_of_the_programs_and_restarts_of_the_broker()
    {
        await using var storage = TestStorage.File();
        await using var broker = await PrivateServer.BrokerAsync();
        using var spool = new TemporaryFolder();
        var killed = new List<ClientProcess>();

        // The first two meet a broker without exchange and queue.
        await KillTwoAsync(broker, spool, killed, round: 0);
        await using var worker = WorkerProcess.Run(storage, broker.Uri, Settings);
        for (var round = 1; round < Kills / 2; round++)
            await KillTwoAsync(broker, spool, killed, round);

        // Who comes next sends what they left, too; what comes last shows that the queue was drained.
        var heir = ClientProcess.Start(broker.Uri, spool.Path, "heir", Memory, int.MaxValue);
        killed.Add(heir);
        await worker.UntilAsync("the spool is empty", () => heir.Taken.Count > 0 && !HasSegments(spool));
        await heir.KillAsync();
        await using var last = ClientProcess.Start(broker.Uri, spool.Path, "last", Memory, LastCalls);
        await last.EndAsync();
        await using var client = await BrokerClient.ConnectAsync(broker.Uri);
        await using var store = await StoreReader.OpenAsync(storage);
        await worker.UntilAsync("all is stored", async () =>
            await client.ReadyAsync(BrokerClient.IngestQueue) == 0 && (await MissingAsync(store, last.Taken)).Count == 0);

        List<ClientProcess> all = [.. killed, last];
        foreach (var program in all)
            await ShouldAddUpAsync(program, store);
        var (enqueued, refused) = (last.Account[0], last.Account[3]);
        (enqueued + refused).ShouldBe(LastCalls);
        enqueued.ShouldBe(last.Taken.Count);
        (last.Account[1] + last.Account[2]).ShouldBe(enqueued, "published and spooled");
        last.Account.Skip(4).ShouldAllBe(count => count == 0, "dropped, or still in memory");
        killed.Sum(program => program.Account[1]).ShouldBeGreaterThan(0, "some were published");
        killed.Sum(program => program.Account[2]).ShouldBeGreaterThan(0, "some were spooled");
        (await client.ReadyAsync(BrokerClient.DeadQueue)).ShouldBe(0u);
        foreach (var program in killed)
            await program.DisposeAsync();
    }

    private static async Task KillTwoAsync(
        PrivateServer broker, TemporaryFolder spool, List<ClientProcess> killed, int round)
    {
        // Both on one spool.
        var programs = Names.Select(
            name => ClientProcess.Start(broker.Uri, spool.Path, $"{name}{round}", Memory, int.MaxValue)).ToList();
        killed.AddRange(programs);
        var restart = round % 2 == 1 ? broker.RestartAsync() : Task.CompletedTask;
        foreach (var program in programs)
        {
            // Where the broker is there, they are killed while they send, and else while they spool.
            if (round > 0 && round % 2 == 0)
                await Eventually.IsTrueAsync("the broker confirms", () => program.Account[1] > 0);
            var before = program.Taken.Count;
            var calls = Random.Shared.Next(20, 1500);
            await Eventually.IsTrueAsync($"{calls} more calls", () => program.Taken.Count >= before + calls);
            if (round % 4 == 3)
                await restart;
            await program.KillAsync();
            Say($"killed in round {round} after {program.Taken.Count} calls: {string.Join(' ', program.Account)}");
        }

        await restart;
    }

    private static async Task ShouldAddUpAsync(ClientProcess program, StoreReader store)
    {
        var taken = program.Taken;
        var missing = await MissingAsync(store, taken);
        var (published, spooled) = (program.Account[1], program.Account[2]);

        Say($"{taken.Count} calls, {missing.Count} lost with the memory; {string.Join(' ', program.Account)}");
        program.Account[4].ShouldBe(0, "dropped");
        missing.Count.ShouldBeLessThanOrEqualTo(Memory);

        // The last call may be published without having been told.
        ((long)taken.Count - missing.Count).ShouldBeGreaterThanOrEqualTo(published + spooled - 1);
    }

    private static async Task<List<string>> MissingAsync(StoreReader store, IReadOnlyList<string> ids)
    {
        var stored = await store.Logs.ReadAsync([.. ids], CancellationToken.None);
        return [.. ids.Where(id => !stored.ContainsKey(id))];
    }

    private static bool HasSegments(TemporaryFolder spool) =>
        Directory.EnumerateFiles(spool.Path, "*.segment", SearchOption.AllDirectories).Any();
}
