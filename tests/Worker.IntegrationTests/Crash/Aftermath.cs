using System.Globalization;
using Worker.IntegrationTests.Support;
using Worker.Runs;
using Worker.Testing;
using Worker.Traces;

namespace Worker.IntegrationTests.Crash;

/// <summary>
/// What must be true when all is over, whatever store it is: each Log as the oracle has it, each verdict once, each
/// refusal in the dead queue.
/// </summary>
internal sealed class Aftermath(TestStorage storage, Uri broker, Oracle oracle)
{
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["Evaluation:Lease"] = "00:00:02",
        ["Traces:Settle"] = "00:00:00.200",
        // Small, so that a kill meets messages in every state.
        ["Ingestion:Prefetch"] = "100",
        ["Ingestion:ChunkSize"] = "20",
    };

    /// <summary>The messages of a seed that is printed; WORKER_TEST_SEED repeats them (not their timing).</summary>
    public static (Random Random, IReadOnlyList<TestMessage> Messages, Oracle Oracle) Begin(int traces)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("WORKER_TEST_SEED"), out var given)
            ? given
            : Random.Shared.Next();
        Say($"WORKER_TEST_SEED={seed}");
        var random = new Random(seed);
        var messages = new Traffic(random).Make(traces);
        var oracle = new Oracle(messages);
        Say($"{messages.Count} messages, {oracle.Logs.Count} Logs, {oracle.CompleteFlows.Count()} complete Flow Logs, {oracle.DeadLetterIds.Count} refusals");
        return (random, messages, oracle);
    }

    public async Task<bool> IsDrainedAsync()
    {
        await using var client = await BrokerClient.ConnectAsync(broker);
        return await client.ReadyAsync(BrokerClient.IngestQueue) == 0;
    }

    /// <summary>
    /// Some moment: while the queue is being drained, or while what was drained settles and is judged.
    /// </summary>
    public async Task MomentAsync(Random random)
    {
        await using var client = await BrokerClient.ConnectAsync(broker);
        var before = await client.ReadyAsync(BrokerClient.IngestQueue) ?? 0;
        var drains = random.NextDouble() < 0.6;
        var left = drains ? random.Next((int)before) : 0;
        await Eventually.IsTrueAsync(
            $"{left} of {before} messages are left",
            async () => await client.ReadyAsync(BrokerClient.IngestQueue) <= left);
        await Task.Delay(random.Next(drains ? 50 : 1200), TestContext.Current.CancellationToken);
        Say($"{before} messages were ready, now {await client.ReadyAsync(BrokerClient.IngestQueue)}");
    }

    public async Task EverythingJudgedAsync(TimeSpan limit)
    {
        await using var store = await StoreReader.OpenAsync(storage);
        var open = new Stack<string>(oracle.CompleteFlows);
        await Eventually.IsTrueAsync(
            "every complete Flow Log is judged, on what it now holds",
            async () =>
            {
                while (open.TryPeek(out var id) && await IsJudgedAsync(store, id))
                    open.Pop();
                return open.Count == 0;
            },
            limit);
    }

    public static async Task<bool> IsJudgedAsync(StoreReader store, string id) =>
        await store.Runs.ReadAsync(id, CancellationToken.None) is { State: RunState.Judged, Due: null } run
        && run.Digest == TraceDigest.Of([.. await store.Traces.AllMembersAsync(id, CancellationToken.None)]);

    public async Task ShouldBeAsExpectedAsync()
    {
        await using (var store = await StoreReader.OpenAsync(storage))
        {
            await LogsShouldEqualAsync(store);
            await VerdictsShouldBeOnceAsync(store);
        }

        await QueuesShouldHoldOnlyDeadLettersAsync();
        var verified = await WorkerProcess.CommandAsync(storage, broker, "verify");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
    }

    public static void Say(FormattableString text) =>
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():mm:ss.fff} {text}"));

    private async Task LogsShouldEqualAsync(StoreReader store)
    {
        var stored = await store.Logs.ReadAsync([.. oracle.Logs.Keys], CancellationToken.None);

        stored.Keys.Order(StringComparer.Ordinal).ShouldBe(oracle.Logs.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, expected) in oracle.Logs)
            VisibleContent.Of(stored[id]).ShouldBe(VisibleContent.Of(expected));
        foreach (var head in oracle.Standing)
        {
            var members = await store.Traces.AllMembersAsync(head.Id, CancellationToken.None);
            members.Select(member => member.Id).ShouldBe(oracle.MembersOf(head.Id), ignoreOrder: true);
        }
    }

    private async Task VerdictsShouldBeOnceAsync(StoreReader store)
    {
        var given = (await store.Verdicts.ReadAsync([.. oracle.Logs.Keys], CancellationToken.None)).ToLookup(
            verdict => verdict.LogId, StringComparer.Ordinal);
        foreach (var log in oracle.Logs.Values)
        {
            var run = await store.Runs.ReadAsync(log.Id, CancellationToken.None);
            if (log.IsDeleted || !log.IsComplete)
            {
                run.ShouldBeNull($"{log.Id} is not a complete Flow Log");
                given[log.Id].ShouldBeEmpty();
                continue;
            }

            VerdictsShouldBeOnce(run, [.. given[log.Id]]);
            run!.Pins.Length.ShouldBe(5);
        }
    }

    /// <summary>One of each Evaluator for each revision, and all that the last revision pinned.</summary>
    public static void VerdictsShouldBeOnce(Run? run, IReadOnlyList<EvaluatorLog> verdicts)
    {
        run.ShouldNotBeNull().Pins.ShouldAllBe(pin => pin.Outcome == Outcome.Ran);
        verdicts.GroupBy(verdict => (verdict.Revision, verdict.EvaluatorId)).ShouldAllBe(same => same.Count() == 1);
        verdicts.Where(verdict => verdict.Revision == run.Revision).Select(verdict => verdict.EvaluatorId)
            .ShouldBe(run.Pins.Select(pin => pin.EvaluatorId), ignoreOrder: true);
        verdicts.ShouldAllBe(verdict => verdict.Error == null && verdict.Revision <= run.Revision);
    }

    private async Task QueuesShouldHoldOnlyDeadLettersAsync()
    {
        await using var client = await BrokerClient.ConnectAsync(broker);
        (await client.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
        var letters = await client.DrainAsync(BrokerClient.DeadQueue);
        letters.Select(letter => BrokerClient.Header(letter, "dead_letter_id")).Distinct().ShouldBe(
            oracle.DeadLetterIds, ignoreOrder: true);
    }
}
