using System.Globalization;
using Worker.Evaluation;
using Worker.IntegrationTests.Support;
using Worker.Traces;

namespace Worker.IntegrationTests.Crash;

/// <summary>
/// Nothing is lost and nothing is judged twice, whatever is killed when. The seed is printed; WORKER_TEST_SEED repeats a run's
/// messages (not its timing).
/// </summary>
public sealed class CrashTests
{
    private const int Traces = 400;
    private const int Kills = 12;

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Evaluation:Lease"] = "00:00:02",
        ["Traces:Settle"] = "00:00:00.200",
        // Small, so that a kill meets messages in every state.
        ["Ingestion:Prefetch"] = "100",
        ["Ingestion:ChunkSize"] = "20",
    };

    [RabbitMqFact]
    public async Task Every_Log_and_every_verdict_survives_kills_of_the_worker_and_a_restart_of_the_broker()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("WORKER_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        Say($"WORKER_TEST_SEED={seed}");
        var random = new Random(seed);
        var messages = new Traffic(random).Make(Traces);
        var oracle = new Oracle(messages);
        Say($"{messages.Count} messages, {oracle.Logs.Count} Logs, {oracle.CompleteFlows.Count()} complete Flow Logs, {oracle.DeadLetterIds.Count} refusals");

        using var folder = new TemporaryFolder();
        await using var broker = await PrivateBroker.StartAsync();
        await DeclareAsync(folder, broker);
        await KillAgainAndAgainAsync(folder, broker, messages, random);

        await using (var last = WorkerProcess.Run(folder.Path, broker.Uri, Settings))
        {
            await last.UntilAsync("the queue is drained", async () => await IsDrainedAsync(broker));
            await EverythingJudgedAsync(folder, oracle);
            (await last.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, last.Heard);
        }

        Say($"drained, judged, stopped");
        await LogsShouldEqualAsync(folder, oracle);
        await VerdictsShouldBeOnceAsync(folder, oracle);
        await QueuesShouldHoldOnlyAsync(broker, oracle.DeadLetterIds);
        var verified = await WorkerProcess.CommandAsync(folder.Path, broker.Uri, "verify");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
    }

    /// <summary>A first worker declares the queues and is killed at once.</summary>
    private static async Task DeclareAsync(TemporaryFolder folder, PrivateBroker broker)
    {
        await using var client = await BrokerClient.ConnectAsync(broker.Uri);
        await using var worker = WorkerProcess.Run(folder.Path, broker.Uri, Settings);
        await worker.UntilReadyAsync(client);
        await worker.KillAsync();
    }

    private static async Task KillAgainAndAgainAsync(TemporaryFolder folder, PrivateBroker broker, IReadOnlyList<TestMessage> messages, Random random)
    {
        var wave = 0;
        foreach (var part in messages.Chunk(messages.Count / Kills + 1))
        {
            await using (var client = await BrokerClient.ConnectAsync(broker.Uri))
                await client.PublishAllAsync(part);
            Say($"published {part.Length}");
            await using var worker = WorkerProcess.Run(folder.Path, broker.Uri, Settings);
            await MomentAsync(broker, random);
            if (++wave == Kills / 2)
            {
                await broker.RestartAsync();
                await worker.UntilAsync("the worker has found the broker again and drained the queue", () => IsDrainedAsync(broker));
            }

            worker.HasEnded.ShouldBeFalse(worker.Heard);
            await worker.KillAsync();
        }

        wave.ShouldBeGreaterThanOrEqualTo(10);
    }

    /// <summary>Some moment: while the queue is being drained, or while what was drained settles and is judged.</summary>
    private static async Task MomentAsync(PrivateBroker broker, Random random)
    {
        await using var client = await BrokerClient.ConnectAsync(broker.Uri);
        var before = await client.ReadyAsync(BrokerClient.IngestQueue) ?? 0;
        var drains = random.NextDouble() < 0.6;
        var left = drains ? random.Next((int)before) : 0;
        await Eventually.IsTrueAsync($"{left} of {before} messages are left", async () => await client.ReadyAsync(BrokerClient.IngestQueue) <= left);
        await Task.Delay(random.Next(drains ? 50 : 1200), TestContext.Current.CancellationToken);
        Say($"{before} messages were ready, now {await client.ReadyAsync(BrokerClient.IngestQueue)}");
    }

    private static async Task EverythingJudgedAsync(TemporaryFolder folder, Oracle oracle)
    {
        await using var store = await StoreReader.OpenAsync(folder.Path);
        var open = new Stack<string>(oracle.CompleteFlows);
        await Eventually.IsTrueAsync(
            "every complete Flow Log is judged, on what it now holds",
            async () =>
            {
                while (open.TryPeek(out var id) && await IsJudgedAsync(store, id))
                    open.Pop();
                return open.Count == 0;
            },
            TimeSpan.FromMinutes(2));
    }

    private static async Task<bool> IsJudgedAsync(StoreReader store, string id) =>
        await store.Runs.ReadAsync(id, CancellationToken.None) is { State: RunState.Judged, Due: null } run
        && run.Digest == TraceDigest.Of([.. await store.Traces.MembersAsync(id, CancellationToken.None)]);

    private static async Task<bool> IsDrainedAsync(PrivateBroker broker)
    {
        await using var client = await BrokerClient.ConnectAsync(broker.Uri);
        return await client.ReadyAsync(BrokerClient.IngestQueue) == 0;
    }

    private static async Task LogsShouldEqualAsync(TemporaryFolder folder, Oracle oracle)
    {
        await using var store = await StoreReader.OpenAsync(folder.Path);
        var stored = await store.Logs.ReadAsync([.. oracle.Logs.Keys], CancellationToken.None);

        stored.Keys.ShouldBe(oracle.Logs.Keys, ignoreOrder: true);
        foreach (var (id, expected) in oracle.Logs)
            VisibleContent.Of(stored[id]).ShouldBe(VisibleContent.Of(expected));
        foreach (var head in oracle.Standing)
        {
            var members = await store.Traces.MembersAsync(head.Id, CancellationToken.None);
            members.Select(member => member.Id).ShouldBe(oracle.MembersOf(head.Id), ignoreOrder: true);
        }
    }

    private static async Task VerdictsShouldBeOnceAsync(TemporaryFolder folder, Oracle oracle)
    {
        await using var store = await StoreReader.OpenAsync(folder.Path);
        foreach (var log in oracle.Logs.Values)
        {
            var run = await store.Runs.ReadAsync(log.Id, CancellationToken.None);
            var verdicts = await store.Verdicts.ReadAsync([log.Id], CancellationToken.None);
            if (log.IsDeleted || !log.IsComplete)
            {
                run.ShouldBeNull($"{log.Id} is not a complete Flow Log");
                verdicts.ShouldBeEmpty();
                continue;
            }

            run.ShouldNotBeNull().Pins.ShouldAllBe(pin => pin.Outcome == Outcome.Ran);
            verdicts.GroupBy(verdict => (verdict.Revision, verdict.EvaluatorId)).ShouldAllBe(same => same.Count() == 1);
            verdicts.Where(verdict => verdict.Revision == run.Revision).Select(verdict => verdict.EvaluatorId)
                .ShouldBe(run.Pins.Select(pin => pin.EvaluatorId), ignoreOrder: true);
            run.Pins.Length.ShouldBe(5);
            verdicts.ShouldAllBe(verdict => verdict.Error == null);
        }
    }

    private static async Task QueuesShouldHoldOnlyAsync(PrivateBroker broker, IReadOnlySet<string> deadLetterIds)
    {
        await using var client = await BrokerClient.ConnectAsync(broker.Uri);
        (await client.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
        var letters = await client.DrainAsync(BrokerClient.DeadQueue);
        letters.Select(letter => BrokerClient.Header(letter, "dead_letter_id")).Distinct().ShouldBe(deadLetterIds, ignoreOrder: true);
    }

    private static void Say(FormattableString text) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():mm:ss.fff} {text}"));
}
