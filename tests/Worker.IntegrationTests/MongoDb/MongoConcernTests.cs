using MongoDB.Bson;
using Worker.IntegrationTests.Support;
using Worker.Runs;
using Worker.Testing;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>What the driver sends, by its own account, while a store is used as the worker uses it.</summary>
public sealed class MongoConcernTests : IAsyncDisposable
{
    private static readonly string[] Writes = ["insert", "update", "delete"];

    private readonly MongoTestStore _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [MongoFact]
    public async Task Writes_ask_for_a_majority_and_reads_for_what_was_written_before()
    {
        await using var store = await _database.ObserveAsync(Cancellation);
        _database.Commands.Clear();

        await UseAsync(store);

        var writes = _database.Commands.Where(command => Writes.Contains(command.GetElement(0).Name)).ToList();
        writes.Count.ShouldBeGreaterThanOrEqualTo(7);
        writes.ShouldAllBe(command => command["writeConcern"]["w"] == "majority");
        var reads = _database.Commands.Where(command => command.Contains("find")).ToList();
        reads.Count.ShouldBeGreaterThanOrEqualTo(6);
        reads.ShouldAllBe(command => command["readConcern"]["level"] == "majority");
        _database.Commands.ShouldAllBe(command => command.Contains("lsid"));
        var keepsTime = await IsReplicaSetAsync();
        reads.ShouldAllBe(command => command["readConcern"].AsBsonDocument.Contains("afterClusterTime") == keepsTime);
        writes.Any(command => command.Contains("txnNumber")).ShouldBe(keepsTime, "what may be sent twice is numbered");
    }

    private static async Task UseAsync(StoreUnderTest store)
    {
        await store.Logs.WriteAsync([Some.FlowLog("flow", complete: true), Some.Log("log", parent: "flow")], Cancellation);
        await store.Logs.ReadAsync(["log"], Cancellation);
        await store.Traces.AncestorsAsync(["log"], Cancellation);
        await store.Runs.WakeAsync([new Wake("flow", Complete: true)], Some.Timers, Some.Time, Cancellation);
        await store.Runs.ClaimDueAsync(Some.At(1e6), Some.At(2e6), "worker", Some.At(2e6), 10, Cancellation);
        var run = (await store.Runs.ReadAsync("flow", Cancellation)).ShouldNotBeNull();
        await store.Runs.SaveAsync(run, [Some.Decision("flow")], Cancellation);
        await store.Verdicts.AddAsync([Some.EvaluatorLog("flow")], Cancellation);
        await store.Verdicts.ReadAsync(["flow"], Cancellation);
        await store.Poison.CountAsync(["message"], Cancellation);
        await store.Poison.ClearAsync(["message"], Cancellation);
        await store.Runs.DropAsync(["flow"], Cancellation);
    }

    private async Task<bool> IsReplicaSetAsync()
    {
        using var database = _database.Connect();
        return (await database.CommandAsync(new BsonDocument("hello", 1), Cancellation)).Contains("setName");
    }
}
