using MongoDB.Bson;
using MongoDB.Bson.IO;
using Worker.Files;
using Worker.IntegrationTests.Support;
using Worker.Runs;
using Worker.Storage;
using Worker.Storage.MongoDb;
using Worker.Testing;
using Worker.Traces;

namespace Worker.IntegrationTests.MongoDb;

public sealed class MongoIndexTests : IAsyncLifetime
{
    private readonly MongoTestStore _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [MongoFact]
    public async Task Ten_workers_may_start_together_and_any_number_again()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Task.Run(() => _database.OpenAsync(Cancellation), Cancellation)));
        await _database.OpenAsync(Cancellation);

        (await IndexesOfAsync(MongoCollections.Logs)).ShouldBe(
            ["_id_", "complete__id", "deleted_at", "first_received_at__id", "parent_id__id", "resolution_file_id_created__id", "resolution_missing__id", "trace_parent_id"], ignoreOrder: true);
        (await IndexesOfAsync(MongoCollections.Runs)).ShouldBe(["_id_", "due", "judged_id"], ignoreOrder: true);
    }

    [MongoFact]
    public async Task No_hot_query_reads_a_collection_from_end_to_end()
    {
        await using var store = await _database.ObserveAsync(Cancellation);
        await FillAsync(store);
        _database.Commands.Clear();

        await store.Logs.ReadAsync(["log-1", "log-2"], Cancellation);
        await store.Traces.AncestorsAsync(["log-1"], Cancellation);
        await store.Traces.AllMembersAsync("flow-1", Cancellation);
        await store.Traces.OutlineAsync("flow-1", Cancellation).CountAsync(Cancellation);
        await store.Traces.PathAboveAsync("log-1", Cancellation);
        await store.Traces.LabelsAsync(["log-1"], Cancellation);
        await foreach (var _ in store.Traces.CompleteFlowsAsync(Cancellation))
        {
        }

        foreach (var walk in new[] { store.Runs.LogsWithRunsAsync(Cancellation), store.Runs.LogsWithDecisionsAsync(Cancellation), store.Verdicts.LogsWithVerdictsAsync(Cancellation) })
            (await walk.CountAsync(Cancellation)).ShouldBeGreaterThan(2_000);
        await store.Traces.StandingAsync(["log-1", "log-2"], Cancellation);
        (await store.Listings.VersionsAsync("f-1", null, 0, 10, Cancellation)).Count.ShouldBe(1);
        (await store.Listings.VersionsAsync("f-1", "v-1", 0, 1, Cancellation)).Count.ShouldBe(1);
        (await store.Listings.DeploymentsAsync("f", Cancellation)).Count.ShouldBe(1);
        (await store.Listings.FindAsync("f-1", Cancellation)).ShouldNotBeNull();
        var month = new LogRange("tl_1", Some.Micros(), Some.Micros(1_000_000));
        (await store.Listing.PageAsync(month, 10, 10, Cancellation)).Count.ShouldBe(10);
        await foreach (var _ in store.Listing.ReadAsync(month with { From = long.MinValue }, Cancellation))
        {
        }

        (await store.Ages.OldestAsync(Cancellation).CountAsync(Cancellation)).ShouldBeGreaterThan(1);
        await store.Ages.TombstonesAsync(Some.At(0), 10, Cancellation);
        await store.Traces.BeneathAsync("flow-1", Cancellation).CountAsync(Cancellation);

        await store.Runs.ClaimDueAsync(Some.At(1_010), Some.At(400_000), "worker", Some.At(2_000), 10, Cancellation);
        await store.Runs.ReadAsync("flow-1", Cancellation);
        await store.Runs.DecisionsAsync("flow-1", Cancellation);
        await store.Verdicts.ReadAsync(["flow-1"], Cancellation);
        (await store.Given.ReadAsync("ev-1", Some.At(0), Some.At(6), Cancellation).CountAsync(Cancellation)).ShouldBe(3);
        (await store.Given.PutOffAsync(Outcome.Paused, "ev-1", 10, Cancellation)).Count.ShouldBe(1);
        (await store.Given.PutOffAsync(Outcome.Paused, null, 10, Cancellation)).Count.ShouldBe(1);
        await store.Files.ReadAsync([new FileKey("f"), new VersionKey("v"), new DeploymentKey("f", "e")], Cancellation);
        await store.Files.WaitingForAsync([new VersionKey("7"), new VersionKey("8")], "a", 10, Cancellation);

        var finds = _database.Commands.Where(command => command.Contains("find")).ToList();
        finds.Count.ShouldBeGreaterThanOrEqualTo(17);
        var unserved = new BsonDocument { { "find", MongoCollections.Logs }, { "filter", new BsonDocument("user", "ann") } };
        (await PlanAsync(unserved)).ShouldContain(
            "COLLSCAN", Case.Sensitive, "this is what a query without an index looks like");
        foreach (var find in finds)
            (await PlanAsync(find)).ShouldNotContain("COLLSCAN", Case.Sensitive, Words(find));
    }

    private static string Words(BsonDocument find) =>
        $"{find["find"]} by {string.Join(", ", find["filter"].AsBsonDocument.Names)}";

    private static async Task FillAsync(StoreUnderTest store)
    {
        const int Count = 3_000;
        var numbers = Enumerable.Range(0, Count).ToList();
        await store.Logs.WriteAsync(
            [
                .. numbers.Select(number => Some.Log($"log-{number}", parent: $"flow-{number % 1_000}") with { Resolution = Some.Unresolved(new VersionKey($"{number}")) with { FileId = $"tl_{number % 100}" } }),
                .. numbers.Take(1_000).Select(number => Some.FlowLog($"flow-{number}", complete: number % 100 == 0)),
            ],
            Cancellation);
        foreach (var part in numbers.Chunk(100))
            await store.Runs.WakeAsync(
                [.. part.Select(number => new Wake($"flow-{number}", Complete: true))],
                Some.Timers,
                Some.At(part[0]),
                Cancellation);
        await store.Verdicts.AddAsync([.. numbers.Select(number => Some.EvaluatorLog($"flow-{number}"))], Cancellation);
        var run = (await store.Runs.ReadAsync("flow-1", Cancellation)).ShouldNotBeNull();
        await store.Runs.SaveAsync(run, [.. numbers.Select(number => Some.Decision($"flow-{number}", outcome: number == 7 ? Outcome.Paused : Outcome.Ran))], Cancellation);
        await store.Files.AddAsync(
            [.. numbers.Select(number => new LoggedFile($"f-{number}", LogKind.Tool, "path"))],
            [.. numbers.Select(number => new FileVersion($"v-{number}", $"f-{number}", Some.Json("{}")))],
            Cancellation);
        await store.Files.DeployAsync(new("f", "e", "v"), Cancellation);
    }

    /// <summary>The winning plan, as the names of its stages; servers tell it in different shapes.</summary>
    private async Task<string> PlanAsync(BsonDocument find)
    {
        // Without what says of whom and when it was asked.
        var asked = new BsonDocument(find.Where(element => element.Name is "find" or "filter" or "projection" or "sort" or "limit" or "batchSize"));
        using var database = _database.Connect();
        var reply = await database.CommandAsync(
            new() { { "explain", asked }, { "verbosity", "queryPlanner" } }, Cancellation);
        return reply["queryPlanner"]["winningPlan"].ToJson(
            new JsonWriterSettings { OutputMode = JsonOutputMode.RelaxedExtendedJson });
    }

    private async Task<List<string>> IndexesOfAsync(string collection)
    {
        using var database = _database.Connect();
        var reply = await database.CommandAsync(new("listIndexes", collection), Cancellation);
        return [.. reply["cursor"]["firstBatch"].AsBsonArray.Select(index => index["name"].AsString)];
    }
}
