using System.Text;
using Microsoft.Data.Sqlite;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>A message that ends the worker whenever it is touched must not do so for ever.</summary>
public sealed class PoisonTests
{
    [RabbitMqFact]
    public async Task A_message_at_which_the_worker_was_killed_three_times_alone_is_refused_and_its_neighbours_are_stored()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        using var folder = new TemporaryFolder();
        await broker.DeclareTopologyAsync();

        // Large, so that the worker is still at it when it is killed.
        var body = $$"""{"log_id": "poison", "inputs": {"numbers": [{{string.Join(',', Enumerable.Range(0, 1_500_000))}}] } }""";
        var settings = new Dictionary<string, string> { ["Ingestion:MaxMessageBytes"] = "15000000" };
        await broker.PublishAsync(TestMessage.Of("tool.logged", """{"log_id": "first neighbour"}"""));
        await broker.PublishAsync(TestMessage.Of("tool.logged", body) with { MessageId = "the poison" });
        await broker.PublishAsync(TestMessage.Of("tool.logged", """{"log_id": "second neighbour"}"""));
        await broker.ReturnAsync(BrokerClient.IngestQueue, "the poison", times: 3);

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await using var worker = WorkerProcess.Run(folder.Path, host.Uri, settings);
            await worker.UntilAsync($"attempt {attempt} is counted", () => Attempts(folder) == attempt);
            await worker.KillAsync();
        }

        await using var last = WorkerProcess.Run(folder.Path, host.Uri, settings);
        await last.UntilAsync("a dead letter", async () => await broker.ReadyAsync(BrokerClient.DeadQueue) == 1);
        var letter = new RefusedLetter((await broker.DrainAsync(BrokerClient.DeadQueue)).ShouldHaveSingleItem());
        letter["reason"].ShouldBe("poison");
        letter.Kind.ShouldBe("tool.logged");
        letter.MessageId.ShouldBe("the poison");
        letter.Body.ShouldBe(Encoding.UTF8.GetBytes(body));
        await last.UntilAsync("both neighbours are stored", async () =>
        {
            await using var store = await StoreReader.OpenAsync(folder.Path);
            return (await store.Logs.ReadAsync(["first neighbour", "second neighbour"], TestContext.Current.CancellationToken)).Count == 2;
        });
    }

    /// <summary>
    /// The attempts that stand against a message; none is counted against the neighbours, which came back only once.
    /// </summary>
    private static long Attempts(TemporaryFolder folder)
    {
        var file = Path.Combine(folder.Path, "worker.db");
        if (!File.Exists(file))
            return 0;
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'poison'";
        if ((long)command.ExecuteScalar()! == 0)
            return 0;
        command.CommandText = "SELECT coalesce(max(attempts), 0) FROM poison";
        return (long)command.ExecuteScalar()!;
    }
}
