using System.Text.Json.Nodes;
using Worker.IntegrationTests.Support;
using Worker.Testing;
using static Worker.IntegrationTests.Crash.Aftermath;

namespace Worker.IntegrationTests.ManyWorkers;

/// <summary>One trace that everything belongs to: all workers write below it and wake its run at once.</summary>
public sealed class HotTraceTests
{
    private const int Workers = 3;
    private const int Children = 10_000;
    private const string Head = "hot";

    /// <summary>Small, so that each of the workers has its share of the queue.</summary>
    private static readonly Dictionary<string, string> Settings = new() { ["Ingestion:Prefetch"] = "400", ["Ingestion:ChunkSize"] = "200" };

    [ServerFact]
    public async Task Ten_thousand_children_of_one_trace_through_three_workers_are_linked_and_end_in_one_revision()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var storage = TestStorage.MongoDb();
        await using var fleet = WorkerFleet.Start(Workers, () => WorkerProcess.Run(storage, host.Uri, Settings));
        await fleet.UntilReadyAsync(broker);
        await broker.PublishAllAsync(Shuffled());
        Say($"published");
        await using var store = await StoreReader.OpenAsync(storage);
        await fleet.UntilAsync(
            "the queue is drained", async () => await broker.ReadyAsync(BrokerClient.IngestQueue) == 0);
        Say($"drained");
        await fleet.UntilAsync(
            "the trace is judged as it stands, with every child",
            async () => await IsJudgedAsync(store, Head) && (await store.Traces.AllMembersAsync(Head, CancellationToken.None)).Count == Children + 1,
            TimeSpan.FromMinutes(2));
        await fleet.TerminateAsync();

        var members = await store.Traces.AllMembersAsync(Head, CancellationToken.None);
        members.Select(member => member.Id).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, Children).Select(Child).Prepend(Head).Order(StringComparer.Ordinal));
        (await IsJudgedAsync(store, Head)).ShouldBeTrue("nothing came after the last revision");
        var run = await store.Runs.ReadAsync(Head, CancellationToken.None);
        Say($"judged, revision {run!.Revision}");
        VerdictsShouldBeOnce(run, await store.Verdicts.ReadAsync([Head], CancellationToken.None));
    }

    private static string Child(int number) => $"hot-{number}";

    private static TestMessage[] Shuffled()
    {
        var messages = Enumerable.Range(0, Children)
            .Select(number => TestMessage.Of("tool.logged", new JsonObject { ["log_id"] = Child(number), ["path"] = "search", ["trace_parent_id"] = Head, ["output"] = $"{number}" }))
            .Append(TestMessage.Of("flow.logged", new JsonObject { ["log_id"] = Head, ["path"] = "support/answer", ["inputs"] = new JsonObject() }))
            .Append(TestMessage.Of("flow.log.updated", new JsonObject { ["log_id"] = Head, ["output"] = "done", ["trace_status"] = "complete" }))
            .ToArray();
        Random.Shared.Shuffle(messages);
        return messages;
    }
}
