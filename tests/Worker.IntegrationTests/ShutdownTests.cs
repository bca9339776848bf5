using System.Globalization;
using System.Text.RegularExpressions;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>Stopping, and being the only one.</summary>
public sealed partial class ShutdownTests
{
    private const int Messages = 20_000;

    [RabbitMqFact]
    public async Task SIGTERM_finishes_what_is_in_hand_and_returns_the_rest_within_the_configured_time()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        using var folder = new TemporaryFolder();
        await broker.DeclareTopologyAsync();
        var ids = Enumerable.Range(0, Messages).Select(number => $"log-{number}").ToArray();
        await broker.PublishAllAsync(ids.Select(id => TestMessage.Of("tool.logged", $$"""{"log_id": "{{id}}", "output": "x"}""")));

        var settings = new Dictionary<string, string> { ["ShutdownTimeout"] = "00:00:10", ["Ingestion:Prefetch"] = "200", ["Ingestion:ChunkSize"] = "50" };
        await using (var worker = WorkerProcess.Run(folder.Path, host.Uri, settings))
        {
            await worker.UntilAsync(
                "the worker drains", async () => await broker.ReadyAsync(BrokerClient.IngestQueue) < Messages - 500);
            (await worker.TerminateAsync(TimeSpan.FromSeconds(12))).ShouldBe(0, worker.Heard);
            AccountShouldBalance(worker.Heard);
        }

        var stored = await StoredAsync(folder, ids);
        stored.ShouldBeGreaterThan(0);
        stored.ShouldBeLessThan(Messages);
        await Eventually.IsTrueAsync("everything that is not stored is in the queue again", async () =>
            await broker.ReadyAsync(BrokerClient.IngestQueue) == Messages - stored);

        await using var next = WorkerProcess.Run(folder.Path, host.Uri);
        await next.UntilAsync(
            "the next worker stores the rest", async () => await StoredAsync(folder, ids) == Messages);
    }

    [RabbitMqFact]
    public async Task A_second_worker_on_the_same_queue_is_refused_with_a_sentence()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var first = WorkerProcess.Run(folder.Path, host.Uri);
        await first.UntilReadyAsync(broker);

        await using var second = WorkerProcess.Run(other.Path, host.Uri);

        (await second.ExitAsync(Eventually.Limit)).ShouldBe(2);
        second.Heard.ShouldContain("Another worker");
        second.Heard.ShouldNotContain("   at ");
        first.HasEnded.ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_worker_on_the_same_store_is_refused_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        await using var first = WorkerProcess.Run(folder.Path, broker: null);
        await first.UntilAsync(
            "the first worker holds the store", () => File.Exists(Path.Combine(folder.Path, "worker.lock")));

        await using var second = WorkerProcess.Run(folder.Path, broker: null);

        (await second.ExitAsync(Eventually.Limit)).ShouldBe(2);
        second.Heard.ShouldContain("worker.lock");
        second.Heard.ShouldNotContain("   at ");
        first.HasEnded.ShouldBeFalse();
    }

    private static async Task<int> StoredAsync(TemporaryFolder folder, string[] ids)
    {
        await using var store = await StoreReader.OpenAsync(folder.Path);
        return (await store.Logs.ReadAsync(ids, TestContext.Current.CancellationToken)).Count;
    }

    private static void AccountShouldBalance(string heard)
    {
        var account = AccountLine().Match(heard);
        account.Success.ShouldBeTrue(heard);
        var numbers = account.Groups.Values.Skip(1).Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture)).ToArray();
        numbers[0].ShouldBe(numbers.Skip(1).Sum(), account.Value);
    }

    [GeneratedRegex(@"received (\d+) = stored (\d+) \+ unchanged (\d+) \+ collapsed (\d+) \+ absorbed (\d+) \+ refused (\d+) \+ returned (\d+)")]
    private static partial Regex AccountLine();
}
