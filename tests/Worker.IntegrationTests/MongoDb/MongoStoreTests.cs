using MongoDB.Bson;
using Worker.Errors;
using Worker.IntegrationTests.Support;
using Worker.Runs;
using Worker.Storage;
using Worker.Storage.MongoDb;
using Worker.Testing;
using Worker.Traces;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>What MongoDB alone has to show, beside the contracts.</summary>
public sealed class MongoStoreTests : IAsyncLifetime
{
    private readonly MongoTestStore _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [MongoFact]
    public async Task A_log_that_grows_past_the_limit_refuses_the_message_that_made_it_so_and_no_other()
    {
        var store = await _database.OpenAsync(Cancellation);
        var ingestion = new TestIngestion(store, TimeProvider.System);

        // Each number takes two bytes of a message and twelve of a document.
        var numbers = $"{{\"n\":[{string.Join(',', Enumerable.Repeat('1', 490_000))}]}}";
        await ingestion.SendAsync(
            ("tool.logged", $"{{\"log_id\":\"grows\",\"inputs\":{numbers}}}"),
            ("tool.logged", $"{{\"log_id\":\"grows\",\"provider_request\":{numbers}}}"),
            ("tool.logged", """{"log_id":"neighbour"}"""),
            ("tool.logged", $"{{\"log_id\":\"grows\",\"provider_response\":{numbers}}}"),
            ("tool.logged", """{"log_id":"grows","output":"after"}"""));

        ingestion.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe("too_large");
        var logs = await store.Logs.ReadAsync(["grows", "neighbour"], Cancellation);
        logs.Keys.ShouldBe(["grows", "neighbour"], ignoreOrder: true);
        logs["grows"].Text(LogFields.Output).ShouldBe("after");
        logs["grows"][LogFields.Inputs].ShouldNotBeNull();
        logs["grows"][LogFields.ProviderResponse].ShouldBeNull();
    }

    [MongoFact]
    public async Task A_revision_that_began_as_the_worker_ended_has_the_decisions_that_are_made_once()
    {
        var store = await _database.OpenAsync(Cancellation);
        await store.Runs.WakeAsync([new Wake("flow", Complete: true)], Some.Timers, Some.Time, Cancellation);
        var run = (await store.Runs.ReadAsync("flow", Cancellation)).ShouldNotBeNull();
        var begun = run with
        {
            State = RunState.Evaluating,
            Revision = 1,
            Pins = [Some.Pin("ev-1"), Some.Pin("sampled out", Outcome.SampledOut)],
        };
        var judged = begun with
        {
            State = RunState.Judged,
            Pins = [Some.Pin("ev-1", Outcome.Ran), Some.Pin("sampled out", Outcome.SampledOut)],
        };
        Decision[] decisions =
        [
            Some.Decision("flow", 1, "ev-1"),
            Some.Decision("flow", 1, "sampled out", Outcome.SampledOut),
            Some.Decision("flow", 1, "a person", Outcome.Waiting),
        ];

        // No document is that large: the write of the verdict fails, as if the worker had ended before it.
        var unwritable = Some.EvaluatorLog("flow") with { Reason = new string('a', 17 << 20) };
        await Should.ThrowAsync<Exception>(
            () => store.Runs.JudgeAsync(begun, judged, decisions, [unwritable], Cancellation));

        (await store.Runs.ReadAsync("flow", Cancellation))!.State.ShouldBe(RunState.Evaluating);
        (await store.Runs.DecisionsAsync("flow", Cancellation)).Select(decision => decision.EvaluatorId).ShouldBe(
            ["a person", "sampled out"], ignoreOrder: true);
    }

    [MongoFact]
    public async Task A_database_of_a_later_version_is_left_alone()
    {
        await _database.OutgrowAsync(Cancellation);

        (await Should.ThrowAsync<StoreUnusableException>(() => _database.OpenAsync(Cancellation))).Message.ShouldContain("later version");
    }

    [MongoFact]
    public async Task A_database_of_a_first_build_says_what_is_due_and_is_led_on()
    {
        using var database = _database.Connect();
        var schema = new MongoSchema(database);
        (await schema.ReadAsync(Cancellation)).ShouldNotBeNull().Found.ShouldBe(0);
        await database.WriteAsync(
            MongoCollections.Worker,
            [MongoWrite.Update("schema", MongoFilter.Id("schema"), new("$set", new BsonDocument("version", 1)), upsert: true)],
            Cancellation);
        await database.WriteAsync(
            MongoCollections.Logs,
            [MongoWrite.Update("a", MongoFilter.Id("a"), new("$set", new BsonDocument { { "version", 1 }, { "kind", "tool" }, { "first_received_at", new BsonDateTime(1_700_000_000_000) }, { "microseconds", new BsonDocument("first_received_at", 7) }, { "merge", new BsonDocument() } }), upsert: true)],
            Cancellation);
        (await schema.ReadAsync(Cancellation))!.Due.Select(step => step.Number).ShouldBe([1, 2]);
        await Should.ThrowAsync<StoreUnusableException>(() => schema.PrepareAsync(migrates: false, _ => { }, Cancellation));

        var shown = new List<SchemaProgress>();
        await schema.ApplyAsync(shown.Add, Cancellation);

        shown.Select(progress => (progress.Step.Number, progress.Documents)).ShouldBe([(1, null), (2, null), (2, 1)]);
        (await schema.ReadAsync(Cancellation))!.Due.ShouldBeEmpty();
        var document = await database.FindAsync(MongoCollections.Logs, MongoFilter.Id("a"), found => found, Cancellation);
        document[0]["created"].ShouldBe(new BsonDateTime(1_700_000_000_000));
        document[0]["format"].ShouldBe(1);
        document[0]["version"].ShouldBe(1);
        await schema.PrepareAsync(migrates: false, _ => { }, Cancellation);
    }

    [MongoFact]
    public async Task A_database_that_a_later_version_has_added_to_can_be_used()
    {
        await _database.OpenAsync(Cancellation);
        using var database = _database.Connect();
        await database.WriteAsync(
            MongoCollections.Worker,
            [MongoWrite.Update("schema", MongoFilter.Id("schema"), new("$set", new BsonDocument("applied", 99)))],
            Cancellation);

        await _database.OpenAsync(Cancellation);
        var state = (await new MongoSchema(database).ReadAsync(Cancellation)).ShouldNotBeNull();
        (state.Found, state.Needs, state.Due.Count).ShouldBe((99, 1, 0));
    }
}
