using MongoDB.Bson;
using Worker.Errors;
using Worker.Storage;
using Worker.Storage.MongoDb;
using Worker.Traces;

namespace Worker.Tests.Storage.MongoDb;

public sealed class MongoWritesTests : IAsyncDisposable
{
    private readonly FakeMongoServer _server = new() { ReplicaSet = "rs0" };
    private readonly MongoDatabase _database;

    public MongoWritesTests() => _database = _server.Connect();

    public async ValueTask DisposeAsync()
    {
        _database.Dispose();
        await _server.DisposeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_logs_are_one_command_of_inserts_in_the_order_of_ids()
    {
        await new MongoLogStore(_database).WriteAsync([Some.Log("c"), Some.Log("a"), Some.Log("b")], Cancellation);

        var command = _server.Commands.ShouldHaveSingleItem();
        command["ordered"].AsBoolean.ShouldBeFalse();
        var documents = command["documents"].AsBsonArray.ToList();
        documents.Select(document => document["_id"].AsString).ShouldBe(["a", "b", "c"]);
        documents.ShouldAllBe(document => document["version"] == 1);
    }

    [Fact]
    public async Task Stored_logs_are_one_command_of_upserts_on_id_and_version_in_the_order_of_ids()
    {
        await new MongoLogStore(_database).WriteAsync([Stored("c", 1), Stored("a", 4), Stored("b", 2)], Cancellation);

        var command = _server.Commands.ShouldHaveSingleItem();
        command["ordered"].AsBoolean.ShouldBeFalse();
        var statements = command["updates"].AsBsonArray.ToList();
        statements.Select(statement => statement["q"]["_id"].AsString).ShouldBe(["a", "b", "c"]);
        statements.Select(statement => statement["q"]["version"].ToInt32()).ShouldBe([4, 2, 1]);
        statements.ShouldAllBe(statement => statement["upsert"].AsBoolean);
    }

    [Fact]
    public async Task A_duplicate_key_is_a_lost_race_of_its_own_log()
    {
        _server.Answers(Replied(2, (1, 11000)));

        var result = await new MongoLogStore(_database).WriteAsync(
            [Some.Log("c"), Some.Log("b"), Some.Log("a")], Cancellation);

        result.Lost.ShouldBe(["b"]);
        _server.Commands.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_conflict_that_passes_is_sent_again_alone()
    {
        _server.Answers(Replied(2, (2, 112)));
        Log[] logs = [Stored("a", 1), Stored("b", 1), Stored("c", 1)];

        (await new MongoLogStore(_database).WriteAsync(logs, Cancellation)).Lost.ShouldBeEmpty();

        _server.Commands.ElementAt(1)["updates"].AsBsonArray.ShouldHaveSingleItem()["q"]["_id"].AsString.ShouldBe("c");
    }

    [Fact]
    public async Task A_conflict_that_does_not_pass_is_told()
    {
        for (var time = 0; time < 20; time++)
            _server.Answers(Replied(0, (0, 112)));

        await Should.ThrowAsync<StoreUnavailableException>(
            () => new MongoLogStore(_database).WriteAsync([Some.Log("a")], Cancellation));
    }

    [Fact]
    public async Task A_log_that_was_gone_is_not_brought_back()
    {
        var inserted = new BsonArray { new BsonDocument { { "index", 0 }, { "_id", "a" } } };
        _server.Answers(new BsonDocument { { "n", 1 }, { "nModified", 0 }, { "upserted", inserted }, { "ok", 1.0 } });

        (await new MongoLogStore(_database).WriteAsync([Stored("a", 4)], Cancellation)).Lost.ShouldBe(["a"]);

        var filter = _server.Named("delete").ShouldHaveSingleItem()["deletes"][0]["q"];
        filter["_id"].AsString.ShouldBe("a");
        filter["version"].ToInt32().ShouldBe(5);
    }

    [Fact]
    public async Task The_largest_log_still_fits_into_a_command_and_one_above_is_too_large_alone()
    {
        var store = new MongoLogStore(_database);
        var overhead = LengthOf(Some.Log("a", fields: [(LogFields.Output, "\"\"")]) with { Version = 1 });
        var fits = Some.Log("a", fields: [(LogFields.Output, $"\"{new string('x', LogDocument.MaxBytes - (8 * 1024) - overhead)}\"")]) with { Version = 1 };
        var tooLarge = Some.Log(
            "b",
            fields: [(LogFields.Output, $"\"{new string('x', LogDocument.MaxBytes - (8 * 1024) - overhead + 1)}\"")]) with { Version = 1 };

        (await store.WriteAsync([fits, tooLarge, Stored("c", 1)], Cancellation)).TooLarge.ShouldBe(["b"]);

        _server.Commands.Sum(command => command["updates"].AsBsonArray.Count).ShouldBe(2);
    }

    [Fact]
    public async Task An_attempt_whose_count_was_not_told_is_not_counted_twice()
    {
        var store = new MongoPoisonStore(_database);
        for (var time = 0; time < 2; time++)
            _server.Breaks();
        await Should.ThrowAsync<StoreUnavailableException>(() => store.CountAsync(["key"], Cancellation));
        _server.Answers(Replied(0, (0, 11000))).Answers(
            FakeMongoServer.Found(new BsonDocument { { "_id", "key" }, { "attempts", 1 } }));

        (await store.CountAsync(["key"], Cancellation))["key"].ShouldBe(1);

        _server.Named("update").Select(Token).Distinct().Count().ShouldBe(1);
    }

    private static string Token(BsonDocument update) => update["updates"][0]["u"]["$set"]["token"].AsString;

    private static Log Stored(string id, int version) => Some.Log(id) with { Version = version };

    private static int LengthOf(Log log) => LogBson.Write(log)!.ToBson().Length;

    private static BsonDocument Replied(int matched, params (int Index, int Code)[] errors) => new()
    {
        { "n", matched },
        { "nModified", matched },
        { "writeErrors", new BsonArray(errors.Select(error => new BsonDocument { { "index", error.Index }, { "code", error.Code }, { "errmsg", "words" } })) },
        { "ok", 1.0 },
    };
}
