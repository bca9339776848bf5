using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.RabbitMq;

/// <summary>What a broker without memory does, so that other tests may rely on it.</summary>
public sealed class MemoryAlarmTests
{
    [RabbitMqFact]
    public async Task While_a_memory_alarm_stands_no_publish_is_confirmed_and_afterwards_it_is()
    {
        await using var node = await PrivateServer.BrokerAsync();
        await using var broker = await BrokerClient.ConnectAsync(node.Uri);
        await using var other = await BrokerClient.ConnectAsync(node.Uri);
        await broker.DeclareTopologyAsync();

        await node.RaiseMemoryAlarmAsync();
        var publishing = broker.PublishAsync(Message());
        await Should.ThrowAsync<TimeoutException>(() => publishing.WaitAsync(TimeSpan.FromSeconds(5)));
        (await other.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);

        await node.ClearMemoryAlarmAsync();
        await publishing.WaitAsync(Eventually.Limit);
        (await other.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(1u);
    }

    [RabbitMqFact]
    public async Task While_the_broker_confirms_no_publish_good_messages_are_stored_and_only_the_refused_ones_wait()
    {
        const int Good = 3_000;
        await using var node = await PrivateServer.BrokerAsync();
        await using var broker = await BrokerClient.ConnectAsync(node.Uri);
        await using var observer = await BrokerClient.ConnectAsync(node.Uri);
        using var folder = new TemporaryFolder();
        await broker.DeclareTopologyAsync();
        await broker.PublishAllAsync(Enumerable.Range(0, Good).SelectMany(number => number % 300 == 7
            ? new[] { Message($$"""{"log_id": "good-{{number}}"}"""), Message($$"""{"log_id": {{number}}}""") }
            : [Message($$"""{"log_id": "good-{{number}}"}""")]));
        await node.RaiseMemoryAlarmAsync();

        await using var worker = WorkerProcess.Run(folder.Path, node.Uri);
        await worker.UntilAsync("every good message is stored", async () => await StoredAsync(folder, Good) == Good);
        (await observer.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
        (await observer.ReadyAsync(BrokerClient.DeadQueue)).ShouldBe(0u);

        await node.ClearMemoryAlarmAsync();
        await worker.UntilAsync(
            "the letters are sent", async () => await observer.ReadyAsync(BrokerClient.DeadQueue) >= 10);
        (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0);
        worker.Heard.ShouldContain("refused 10 + returned 0");
        (await observer.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
    }

    private static async Task<int> StoredAsync(TemporaryFolder folder, int count)
    {
        if (!File.Exists(Path.Combine(folder.Path, "worker.db")))
            return 0;
        await using var store = await StoreReader.OpenAsync(folder.Path);
        string[] ids = [.. Enumerable.Range(0, count).Select(number => $"good-{number}")];
        return (await store.Logs.ReadAsync(ids, TestContext.Current.CancellationToken)).Count;
    }

    private static TestMessage Message(string body = "{}") => TestMessage.Of("tool.logged", body);
}
