using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>What people do by hand in RabbitMQ's web page, through the requests that the page itself sends.</summary>
public sealed class ManagementPageTests(RunningWorker worker) : IClassFixture<RunningWorker>
{
    [RabbitMqFact]
    public async Task A_message_typed_into_the_publish_form_with_only_routing_key_and_payload_is_stored()
    {
        var routed = await worker.Host.Management.PublishFormAsync(
            worker.Host.Name, BrokerClient.Exchange, "tool.logged", """{"log_id": "typed", "path": "by hand", "output": "hello"}""");

        routed.ShouldBeTrue();
        var log = await Eventually.FindAsync("the typed message as a Log", () => worker.TraceAsync("typed"));
        log["output"]!.GetValue<string>().ShouldBe("hello");
    }

    [RabbitMqFact]
    public async Task A_message_typed_into_the_form_of_the_default_exchange_is_refused_with_a_reason()
    {
        await worker.Host.Management.PublishFormAsync(worker.Host.Name, "amq.default", BrokerClient.IngestQueue, """{"log_id": "typed-2"}""");

        var letter = await worker.LetterAsync();

        letter["reason"].ShouldBe("unknown_type");
    }

    [RabbitMqFact]
    public async Task Dead_letters_moved_back_with_the_Move_button_are_processed()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        using var folder = new TemporaryFolder();

        // One letter of the worker's own: too large for as long as the limit is low.
        await using (var worker = WorkerProcess.Run(
            folder.Path, host.Uri, new Dictionary<string, string> { ["Ingestion:MaxMessageBytes"] = "1024" }))
        {
            await worker.UntilReadyAsync(broker);
            await broker.PublishAsync(TestMessage.Of("tool.logged", $$"""{"log_id": "large", "output": "{{new string('x', 2000)}}"}"""));
            await worker.UntilAsync("a dead letter", async () => await broker.ReadyAsync(BrokerClient.DeadQueue) == 1);
            await worker.TerminateAsync(TimeSpan.FromSeconds(30));
        }

        // And one that the broker dead-lettered, with nothing but a routing key to say what it is.
        await host.Management.PublishFormAsync(host.Name, BrokerClient.Exchange, "tool.logged", """{"log_id": "rejected", "output": "y"}""");
        await broker.RejectAsync(BrokerClient.IngestQueue);
        await Eventually.IsTrueAsync(
            "a second dead letter", async () => await broker.ReadyAsync(BrokerClient.DeadQueue) == 2);

        await host.Management.MoveAsync(host.Name, BrokerClient.DeadQueue, BrokerClient.IngestQueue);
        await using var again = WorkerProcess.Run(folder.Path, host.Uri);

        foreach (var id in new[] { "large", "rejected" })
        {
            await again.UntilAsync($"the Log {id}", async () =>
                (await WorkerProcess.CommandAsync(folder.Path, host.Uri, "trace", id, "--json")).ExitCode == 0);
        }

        (await broker.ReadyAsync(BrokerClient.DeadQueue)).ShouldBe(0u);
    }

    [RabbitMqFact]
    public async Task A_withheld_letter_that_is_moved_back_stays_what_it_was()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        using var folder = new TemporaryFolder();
        await using var worker = WorkerProcess.Run(folder.Path, host.Uri);
        await worker.UntilReadyAsync(broker);
        await broker.PublishAsync(TestMessage.Of("tool.logged", """{"log_id": 7, "save": false, "output": "a secret"}"""));
        await worker.UntilAsync("the letter", async () => await broker.ReadyAsync(BrokerClient.DeadQueue) == 1);
        var before = await ListAsync();

        await host.Management.MoveAsync(host.Name, BrokerClient.DeadQueue, BrokerClient.IngestQueue);
        await worker.UntilAsync(
            "the worker has had it again",
            async () => await host.Management.DeliveredAsync(host.Name, BrokerClient.IngestQueue) >= 2);
        await worker.UntilAsync(
            "the letter is there again", async () => await broker.ReadyAsync(BrokerClient.DeadQueue) == 1);

        before.ShouldContain("wrong_type");
        before.ShouldContain("\"withheld\":true");
        (await ListAsync()).ShouldBe(before);

        async Task<string> ListAsync() => (await WorkerProcess.CommandAsync(folder.Path, host.Uri, "dead-letters", "list", "--json")).Output;
    }
}
