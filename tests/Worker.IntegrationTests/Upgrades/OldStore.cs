using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using Worker.IntegrationTests.Support;
using Worker.Runs;
using Worker.Storage;
using Worker.Storage.MongoDb;
using Worker.Testing;
using Worker.Traces;

namespace Worker.IntegrationTests.Upgrades;

/// <summary>Stores as earlier versions left them, and what must be in them afterwards.</summary>
internal static class OldStore
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Logs of the present version, without what documents have since the first builds.
    /// </summary>
    public static async Task MakeMongoDbAsync(TestStorage storage, IReadOnlyList<Log> logs)
    {
        await using var store = await StoreReader.OpenAsync(storage);
        foreach (var chunk in logs.Chunk(1_000))
            await store.Logs.WriteAsync(chunk, Cancellation);
        var flows = logs.Where(log => log.IsComplete).Select(log => log.Id).ToList();
        foreach (var chunk in flows.Chunk(1_000))
            await store.Runs.WakeAsync([.. chunk.Select(id => new Wake(id, Complete: true))], Some.Timers, Some.Time, Cancellation);
        foreach (var id in flows)
        {
            var run = (await store.Runs.ReadAsync(id, Cancellation)).ShouldNotBeNull();
            await store.Runs.SaveAsync(
                run with { State = RunState.Judged, Revision = 1, Due = null }, [Some.Decision(id)], Cancellation);
        }

        await store.Verdicts.AddAsync([.. flows.Select(id => Some.EvaluatorLog(id))], Cancellation);
        await MakeOldAsync(store.Services.GetRequiredService<MongoDatabase>());
    }

    public static async Task MakeOldAsync(TestStorage storage)
    {
        await using var store = await StoreReader.OpenAsync(storage);
        await MakeOldAsync(store.Services.GetRequiredService<MongoDatabase>());
    }

    private static async Task MakeOldAsync(MongoDatabase database)
    {
        await database.CommandAsync(
            new()
            {
                { "update", MongoCollections.Logs },
                { "updates", new BsonArray { new BsonDocument { { "q", new BsonDocument() }, { "u", new BsonDocument("$unset", new BsonDocument { { "created", "" }, { StoredFormat.Name, "" } }) }, { "multi", true } } } },
            },
            Cancellation);
        await database.WriteAsync(
            MongoCollections.Worker,
            [MongoWrite.Replace("schema", MongoFilter.Id("schema"), new("version", 1))],
            Cancellation);
    }

    /// <summary>The same Logs, and <c>worker verify</c> is content.</summary>
    public static async Task ShouldHoldAsync(TestStorage storage, IReadOnlyList<Log> logs)
    {
        await using (var store = await StoreReader.OpenAsync(storage))
        {
            foreach (var chunk in logs.Chunk(1_000))
            {
                var stored = await store.Logs.ReadAsync([.. chunk.Select(log => log.Id)], Cancellation);
                foreach (var log in chunk)
                    stored[log.Id].Fields.ShouldBe(log.Fields);
            }

            var all = new LogRange("tl_1", long.MinValue, long.MaxValue);
            (await store.Services.GetRequiredService<ILogListing>().CountAsync(all, Cancellation)).ShouldBe(logs.Count);
        }

        var verified = await WorkerProcess.CommandAsync(storage.Path, null, Local(storage), "verify");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
        verified.Output.ShouldContain($"{logs.Count(log => log.IsComplete)} judged");
    }

    /// <summary>The keys that lead a command to the store, which needs no broker for that.</summary>
    public static Dictionary<string, string> Local(TestStorage storage) =>
        storage.Settings.Where(setting => setting.Key != "Mode").ToDictionary();
}
