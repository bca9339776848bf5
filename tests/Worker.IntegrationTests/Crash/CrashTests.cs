using Worker.IntegrationTests.Support;
using static Worker.IntegrationTests.Crash.Aftermath;

namespace Worker.IntegrationTests.Crash;

/// <summary>
/// Nothing is lost and nothing is judged twice, whatever is killed when. The seed is printed; WORKER_TEST_SEED repeats
/// a run's messages (not its timing).
/// </summary>
[Collection(Lanes.Crashes)]
public sealed class CrashTests
{
    private const int Traces = 400;
    private const int Kills = 12;

    [RabbitMqFact]
    public async Task Every_Log_and_every_verdict_survives_kills_of_the_worker_and_a_restart_of_the_broker()
    {
        await using var storage = TestStorage.File();
        await SurvivesAsync(storage);
    }

    [ServerFact]
    public async Task Every_Log_and_every_verdict_survives_kills_of_the_worker_and_a_restart_of_the_broker_on_MongoDB()
    {
        await using var storage = TestStorage.MongoDb();
        await SurvivesAsync(storage);
    }

    private static async Task SurvivesAsync(TestStorage storage)
    {
        var (random, messages, oracle) = Begin(Traces);
        await using var broker = await PrivateServer.BrokerAsync();
        var aftermath = new Aftermath(storage, broker.Uri, oracle);
        await DeclareAsync(storage, broker);
        await KillAgainAndAgainAsync(storage, broker, aftermath, messages, random);

        await using (var last = WorkerProcess.Run(storage, broker.Uri, Settings))
        {
            await last.UntilAsync("the queue is drained", aftermath.IsDrainedAsync);
            await aftermath.EverythingJudgedAsync(TimeSpan.FromMinutes(2));
            (await last.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, last.Heard);
        }

        Say($"drained, judged, stopped");
        await aftermath.ShouldBeAsExpectedAsync();
    }

    /// <summary>A first worker declares the queues and is killed at once.</summary>
    private static async Task DeclareAsync(TestStorage storage, PrivateServer broker)
    {
        await using var client = await BrokerClient.ConnectAsync(broker.Uri);
        await using var worker = WorkerProcess.Run(storage, broker.Uri, Settings);
        await worker.UntilReadyAsync(client);
        await worker.KillAsync();
    }

    private static async Task KillAgainAndAgainAsync(
        TestStorage storage, PrivateServer broker, Aftermath aftermath, IReadOnlyList<TestMessage> messages, Random random)
    {
        var wave = 0;
        foreach (var part in messages.Chunk(messages.Count / Kills + 1))
        {
            await using (var client = await BrokerClient.ConnectAsync(broker.Uri))
                await client.PublishAllAsync(part);
            Say($"published {part.Length}");
            await using var worker = WorkerProcess.Run(storage, broker.Uri, Settings);
            await aftermath.MomentAsync(random);
            if (++wave == Kills / 2)
            {
                await broker.RestartAsync();
                await worker.UntilAsync(
                    "the worker has found the broker again and drained the queue", aftermath.IsDrainedAsync);
            }

            worker.HasEnded.ShouldBeFalse(worker.Heard);
            await worker.KillAsync();
        }

        wave.ShouldBeGreaterThanOrEqualTo(10);
    }
}
