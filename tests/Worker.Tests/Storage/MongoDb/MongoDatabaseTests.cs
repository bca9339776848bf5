using MongoDB.Bson;
using Worker.Errors;
using Worker.Storage.MongoDb;
using Worker.Traces;

namespace Worker.Tests.Storage.MongoDb;

public sealed class MongoDatabaseTests : IAsyncDisposable
{
    private readonly FakeMongoServer _server = new() { ReplicaSet = "rs0" };
    private readonly MongoDatabase _database;

    public MongoDatabaseTests() => _database = _server.Connect();

    public async ValueTask DisposeAsync()
    {
        _database.Dispose();
        await _server.DisposeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_write_asks_for_a_majority()
    {
        var store = new MongoLogStore(_database);
        await store.WriteAsync([Some.Log("a"), Some.Log("b") with { Version = 3 }], Cancellation);
        await new MongoRunStore(_database).WakeAsync(
            [new("flow", Complete: true)], Some.Timers, Some.Time, Cancellation);
        await new MongoRunStore(_database).DropAsync(["flow"], Cancellation);
        await new MongoPoisonStore(_database).ClearAsync(["key"], Cancellation);

        _server.Commands.Count.ShouldBeGreaterThanOrEqualTo(7);
        foreach (var command in _server.Commands.Where(command => !command.Contains("find")))
            command["writeConcern"]["w"].AsString.ShouldBe("majority");
    }

    [Fact]
    public async Task A_read_asks_for_a_majority_s_state_after_the_last_write_of_this_process()
    {
        _server.OperationTime = new BsonTimestamp(7, 0);
        await FindAsync();
        await DeleteAsync();
        await FindAsync();
        _server.OperationTime = new BsonTimestamp(9, 1);
        await DeleteAsync();
        _server.OperationTime = new BsonTimestamp(8, 0);
        await DeleteAsync();
        await FindAsync();

        var reads = _server.Named("find").ToList();
        reads[0]["readConcern"].AsBsonDocument.Contains("afterClusterTime").ShouldBeFalse("nothing was written yet");
        AfterClusterTime(reads[1]).ShouldBe(new BsonTimestamp(7, 0));
        AfterClusterTime(reads[2]).ShouldBe(
            new BsonTimestamp(9, 1), "the highest time counts, in whatever order the replies come");
    }

    [Fact]
    public async Task Every_read_of_every_store_asks_for_it()
    {
        _server.OperationTime = new BsonTimestamp(7, 0);
        await DeleteAsync();
        await new MongoLogStore(_database).ReadAsync(["a"], Cancellation);
        var traces = new MongoTraceStore(_database);
        await traces.AncestorsAsync(["a"], Cancellation);
        await traces.AllMembersAsync("a", Cancellation);
        await traces.PathAboveAsync("a", Cancellation);
        await traces.LabelsAsync(["a"], Cancellation);
        var runs = new MongoRunStore(_database);
        await runs.ReadAsync("a", Cancellation);
        await runs.ClaimDueAsync(Some.Time, Some.At(1e9), "me", Some.At(1), 1, Cancellation);
        await runs.DecisionsAsync("a", Cancellation);
        await new MongoEvaluatorLogStore(_database).ReadAsync(["a"], Cancellation);
        await new MongoFileStore(_database).WaitingForAsync([new FileKey("a")], "", 1, Cancellation);

        _server.Named("find").Count.ShouldBe(10);
        foreach (var read in _server.Named("find"))
            AfterClusterTime(read).ShouldBe(new BsonTimestamp(7, 0));
    }

    [Fact]
    public async Task A_server_without_a_clock_is_asked_for_nothing_that_it_may_refuse()
    {
        await DeleteAsync();
        await FindAsync();

        _server.Named("find")[0]["readConcern"].ShouldBe(new BsonDocument("level", "majority"));
    }

    [Fact]
    public async Task Pages_are_followed_to_the_end()
    {
        _server.Answers(Page("firstBatch", 5, "a", "b")).Answers(Page("nextBatch", 5)).Answers(
            Page("nextBatch", 0, "c"));

        (await FindAsync()).ShouldBe(["a", "b", "c"]);

        _server.Named("getMore").Count.ShouldBe(2);
        _server.Named("getMore")[0]["getMore"].ToInt64().ShouldBe(5);
        _server.Named("getMore")[0].Contains("readConcern").ShouldBeFalse("a cursor goes on as it began");
    }

    [Theory]
    [InlineData(10107)]
    [InlineData(11600)]
    [InlineData(91)]
    public async Task A_command_that_met_a_passing_fault_is_sent_once_more(int code)
    {
        _server.Answers(FakeMongoServer.Failed(code));
        await FindAsync();
        _server.Breaks();
        await FindAsync();
        _server.Answers(FakeMongoServer.Failed(code, "RetryableWriteError"));
        await WriteAsync();

        _server.Named("find").Count.ShouldBe(4);
        var writes = _server.Named("update");
        writes.Count.ShouldBe(2);
        writes[1]["txnNumber"].ShouldBe(writes[0]["txnNumber"], "so the server knows that it is the same");
        writes[1]["lsid"].ShouldBe(writes[0]["lsid"]);
    }

    [Fact]
    public async Task A_page_is_never_asked_for_twice()
    {
        _server.Answers(Page("firstBatch", 5, "a")).Breaks();

        await Should.ThrowAsync<StoreUnavailableException>(FindAsync);

        _server.Commands.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(18)]
    public async Task Credentials_that_were_taken_once_may_be_taken_again(int code)
    {
        _server.Answers(FakeMongoServer.Failed(code)).Answers(FakeMongoServer.Failed(code));

        await Should.ThrowAsync<StoreUnusableException>(FindAsync);
        _database.IsProven = true;
        await Should.ThrowAsync<StoreUnavailableException>(FindAsync);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_it_logs_in_refuses_no_credentials()
    {
        await using var server = new FakeMongoServer { Answer = _ => throw new IOException("It breaks.") };
        using var database = server.Connect("user:secret@");

        var exception = await Should.ThrowAsync<StoreUnavailableException>(
            database.CommandAsync(new BsonDocument("ping", 1), Cancellation));

        server.Commands.First().GetElement(0).Name.ShouldBe("saslStart");
        exception.Message.ShouldNotContain("credentials");
        exception.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task Credentials_that_were_never_taken_are_a_mistake_of_who_set_them()
    {
        await using var server = new FakeMongoServer { Answer = _ => Task.FromResult(FakeMongoServer.Failed(18)) };
        using var database = server.Connect("user:secret@");

        var exception = await Should.ThrowAsync<StoreUnusableException>(
            database.CommandAsync(new BsonDocument("ping", 1), Cancellation));

        exception.Message.ShouldContain("refused the credentials");
        exception.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_server_that_is_too_old_is_told_at_the_start()
    {
        await using var old = new FakeMongoServer(maxWireVersion: 9);
        using var database = old.Connect();
        old.Answers(new BsonDocument { { "maxWireVersion", 9 }, { "ok", 1.0 } });

        var told = await Should.ThrowAsync<StoreUnusableException>(
            () => new MongoStore(database).PrepareAsync(Cancellation));

        told.Message.ShouldContain("older than MongoDB 5.0");
        told.IsServersFault.ShouldBeTrue();
    }

    [Fact]
    public async Task A_write_that_reached_no_majority_in_time_is_not_done()
    {
        var late = new BsonDocument { { "ok", 1.0 }, { "n", 1 }, { "nModified", 0 }, { "writeConcernError", new BsonDocument { { "code", 64 }, { "errmsg", "waiting for replication timed out" } } } };
        _server.Answers(late).Answers(late);

        await Should.ThrowAsync<StoreUnavailableException>(DeleteAsync);
    }

    [Fact]
    public async Task What_the_server_does_not_understand_is_a_defect_and_no_outage()
    {
        _server.Answers(FakeMongoServer.Failed(9));

        (await Should.ThrowAsync<StoreUnexpectedException>(FindAsync)).Code.ShouldBe(9);
    }

    private static BsonDocument Page(string batch, long cursor, params string[] ids) =>
        FakeMongoServer.Page(batch, cursor, [.. ids.Select(MongoFilter.Id)]);

    private static BsonTimestamp AfterClusterTime(BsonDocument command)
    {
        var concern = command["readConcern"];
        concern["level"].AsString.ShouldBe("majority");
        return concern["afterClusterTime"].AsBsonTimestamp;
    }

    private Task<List<string>> FindAsync() =>
        _database.FindAsync("logs", MongoFilter.Id("a"), found => found["_id"].AsString, Cancellation);

    private Task DeleteAsync() => _database.DeleteAsync("logs", MongoFilter.Id("a"), Cancellation);

    private Task<MongoWriteResult> WriteAsync() => _database.WriteAsync(
        "logs", [MongoWrite.Replace("a", MongoFilter.Id("a"), new("x", 1), upsert: true)], Cancellation);
}
