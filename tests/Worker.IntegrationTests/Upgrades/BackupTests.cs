using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Worker.IntegrationTests.Crash;
using Worker.IntegrationTests.Support;
using Worker.Storage;
using Worker.Storage.MongoDb;

namespace Worker.IntegrationTests.Upgrades;

/// <summary>What is copied while a worker works is whole when it is brought back elsewhere.</summary>
[Collection(Lanes.Crashes)]
public sealed class BackupTests
{
    private const int Backups = 3;
    private const int TracesBetween = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["Traces:Settle"] = "00:00:00.200",
        ["Ingestion:ChunkSize"] = "20",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_that_is_made_while_messages_are_taken_in_is_whole_where_it_is_restored()
    {
        using var folder = new TemporaryFolder();
        var store = Path.Combine(folder.Path, "data");
        await using (var worker = WorkerProcess.Run(store, null, Settings))
        {
            await worker.UntilAsync("it runs", () => worker.Heard.Contains("Data: ", StringComparison.Ordinal));
            for (var number = 0; number < Backups; number++)
            {
                await PublishAsync(folder, store, number);
                var made = await WorkerProcess.CommandAsync(store, null, "backup", File(folder, number));
                made.ExitCode.ShouldBe(0, made.Error);
                Aftermath.Say($"{made.Error.Trim()}");
            }

            (await worker.TerminateAsync(Patience)).ShouldBe(0, worker.Heard);
        }

        for (var number = 0; number < Backups; number++)
        {
            var restored = Path.Combine(folder.Path, $"restored-{number}");
            var result = await WorkerProcess.CommandAsync(restored, null, "restore", File(folder, number));
            result.ExitCode.ShouldBe(0, result.Error);
            await ShouldBeWholeAsync(restored, (number + 1) * TracesBetween);
        }
    }

    [ServerFact]
    public async Task A_copy_of_the_collections_of_a_database_is_a_store()
    {
        var (_, messages, oracle) = Aftermath.Begin(60);
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var storage = TestStorage.MongoDb();
        await using var copy = TestStorage.MongoDb();
        await using (var worker = WorkerProcess.Run(storage, host.Uri, Aftermath.Settings))
        {
            await worker.UntilReadyAsync(broker);
            await broker.PublishAllAsync(messages);
            var aftermath = new Aftermath(storage, host.Uri, oracle);
            await worker.UntilAsync("the queue is drained", aftermath.IsDrainedAsync);
            await aftermath.EverythingJudgedAsync(TimeSpan.FromMinutes(1));
            (await worker.TerminateAsync(Patience)).ShouldBe(0, worker.Heard);
        }

        await CopyAsync(storage, copy);
        (await WorkerProcess.CommandAsync(copy.Path, null, OldStore.Local(copy), "migrate", "--check")).Output
            .ShouldContain("the indexes", Case.Sensitive, "documents alone were copied");
        await using (var worker = WorkerProcess.Run(copy, host.Uri, Aftermath.Settings))
        {
            await worker.UntilReadyAsync(broker);
            (await worker.TerminateAsync(Patience)).ShouldBe(0, worker.Heard);
        }

        (await WorkerProcess.CommandAsync(copy.Path, null, OldStore.Local(copy), "migrate", "--check")).ExitCode.ShouldBe(0);
        await new Aftermath(copy, host.Uri, oracle).ShouldBeAsExpectedAsync();
    }

    private static string File(TemporaryFolder folder, int number) => Path.Combine(folder.Path, $"backup-{number}");

    private static async Task PublishAsync(TemporaryFolder folder, string store, int part)
    {
        var lines = new StringBuilder();
        for (var trace = part * TracesBetween; trace < (part + 1) * TracesBetween; trace++)
        {
            lines.AppendLine(CultureInfo.InvariantCulture, $$"""{"type": "flow.logged", "log_id": "flow {{trace}}", "path": "p"}""");
            for (var tool = 0; tool < 4; tool++)
                lines.AppendLine(CultureInfo.InvariantCulture, $$"""{"type": "tool.logged", "log_id": "tool {{trace}} {{tool}}", "path": "t", "trace_parent_id": "flow {{trace}}", "output": "42"}""");
            lines.AppendLine(CultureInfo.InvariantCulture, $$"""{"type": "flow.log.updated", "log_id": "flow {{trace}}", "output": "42", "trace_status": "complete"}""");
        }

        var file = Path.Combine(folder.Path, $"messages-{part}");
        await System.IO.File.WriteAllTextAsync(file, lines.ToString(), Cancellation);
        var published = await WorkerProcess.CommandAsync(store, null, "publish", file);
        published.ExitCode.ShouldBe(0, published.Error);
    }

    /// <summary>What was published before is there, in the inbox or already stored, and comes to its end.</summary>
    private static async Task ShouldBeWholeAsync(string store, int traces)
    {
        await using (var worker = WorkerProcess.Run(store, null, Settings))
        {
            await worker.UntilAsync("it runs", () => worker.Heard.Contains("Data: ", StringComparison.Ordinal));
            await using var reader = await StoreReader.OpenAsync(store);
            await worker.UntilAsync("the inbox is empty", async () =>
                (await reader.Services.GetRequiredService<IInbox>().PeekAsync(0, 1, Cancellation)).Count == 0);
            foreach (var trace in Enumerable.Range(0, traces))
                await worker.UntilAsync("it is judged", () => Aftermath.IsJudgedAsync(reader, $"flow {trace}"));
            (await worker.TerminateAsync(Patience)).ShouldBe(0, worker.Heard);
        }

        var verified = await WorkerProcess.CommandAsync(store, null, "verify");
        verified.ExitCode.ShouldBe(0, verified.Output);
        verified.Output.ShouldContain($"{traces} judged");
        (await WorkerProcess.CommandAsync(store, null, "migrate", "--check")).ExitCode.ShouldBe(0);
    }

    /// <summary>As mongodump and mongorestore do it, but without the indexes.</summary>
    private static async Task CopyAsync(TestStorage from, TestStorage to)
    {
        await using var source = await StoreReader.OpenAsync(from);
        var database = source.Services.GetRequiredService<MongoDatabase>();
        using var target = new MongoDatabase(MongoAddress.Parse(to.Settings["ConnectionStrings:MongoDb"]), TimeProvider.System);
        var names = await database.CommandAsync(new() { { "listCollections", 1 }, { "nameOnly", true } }, Cancellation);
        foreach (var name in names["cursor"]["firstBatch"].AsBsonArray.Select(collection => collection["name"].AsString))
        {
            var documents = await database.Collection(name).Find(new BsonDocument()).ToListAsync(Cancellation);
            if (documents.Count > 0)
                await target.Collection(name).InsertManyAsync(documents, cancellationToken: Cancellation);
        }
    }
}
