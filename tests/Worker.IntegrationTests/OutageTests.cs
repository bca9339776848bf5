using Microsoft.Data.Sqlite;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>A store or a broker that is away for a while costs time, and nothing else.</summary>
public sealed class OutageTests
{
    private const int Messages = 300;

    [RabbitMqFact]
    public async Task While_another_process_locks_the_store_messages_are_given_back_and_afterwards_they_are_stored()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        using var folder = new TemporaryFolder();
        await using var worker = WorkerProcess.Run(folder.Path, host.Uri);
        await worker.UntilReadyAsync(broker);
        await StoredAsync(folder, broker, "before");

        await using (var other = await LockAsync(folder))
        {
            await broker.PublishAllAsync(Enumerable.Range(0, Messages).Select(number => Tool($"log-{number}")));
            await worker.UntilAsync(
                "the worker says that the store is locked",
                () => worker.Heard.Contains("is locked by another process", StringComparison.Ordinal));
            await worker.UntilAsync(
                "the messages are given back",
                async () => await broker.ReadyAsync(BrokerClient.IngestQueue) == Messages);
        }

        await worker.UntilAsync(
            "the worker says that it consumes again",
            () => worker.Heard.Contains("Taking messages again", StringComparison.Ordinal));
        await worker.UntilAsync("every message is stored", async () =>
        {
            await using var store = await StoreReader.OpenAsync(folder.Path);
            return (await store.Logs.ReadAsync([.. Enumerable.Range(0, Messages).Select(number => $"log-{number}")], TestContext.Current.CancellationToken)).Count == Messages;
        });
        (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0);
        (await broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
        (await broker.ReadyAsync(BrokerClient.DeadQueue)).ShouldBe(0u);
    }

    [RabbitMqFact]
    public async Task A_connection_that_is_closed_under_the_worker_is_made_again()
    {
        await using var host = await VirtualHost.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var worker = WorkerProcess.Run(folder.Path, host.Uri);
        await using (var broker = await host.ConnectAsync())
        {
            await worker.UntilReadyAsync(broker);
            await StoredAsync(folder, broker, "before");
        }

        await Eventually.IsTrueAsync(
            "the connections are closed", async () => await host.Management.CloseConnectionsAsync(host.Name) > 0);

        await using var again = await host.ConnectAsync();
        await StoredAsync(folder, again, "after");
        worker.HasEnded.ShouldBeFalse();
    }

    private static async Task StoredAsync(TemporaryFolder folder, BrokerClient broker, string logId)
    {
        await broker.PublishAsync(Tool(logId));
        await Eventually.IsTrueAsync($"{logId} is stored", async () =>
        {
            await using var store = await StoreReader.OpenAsync(folder.Path);
            return (await store.Logs.ReadAsync([logId], TestContext.Current.CancellationToken)).Count == 1;
        });
    }

    private static async Task<SqliteConnection> LockAsync(TemporaryFolder folder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "worker.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static TestMessage Tool(string logId) => TestMessage.Of("tool.logged", $$"""{"log_id": "{{logId}}"}""");
}
