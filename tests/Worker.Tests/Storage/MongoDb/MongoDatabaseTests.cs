using Shouldly;
using Worker.Storage;
using Worker.Storage.Bson;
using Worker.Storage.MongoDb;
using Worker.Testing;
using Worker.Traces;
using Xunit;

namespace Worker.Tests.Storage.MongoDb;

public sealed class MongoDatabaseTests : IAsyncDisposable
{
    private readonly FakeChannel _channel = new();
    private readonly MongoDatabase _database;

    public MongoDatabaseTests() => _database = new(_channel, MongoAddress.Parse("mongodb://ann:secret@host/logs"), TimeProvider.System);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_write_asks_for_a_majority()
    {
        var store = new MongoLogStore(_database);
        await store.WriteAsync([Some.Log("a"), Some.Log("b") with { Version = 3 }], Cancellation);
        await new MongoRunStore(_database).WakeAsync([new("flow", Complete: true)], Some.Timers, Some.Time, Cancellation);
        await new MongoRunStore(_database).DropAsync(["flow"], Cancellation);
        await new MongoPoisonStore(_database).ClearAsync(["key"], Cancellation);
        await new MongoDeadLetterStore(_database).AddAsync([Some.DeadLetter()], Cancellation);

        _channel.Commands.Count.ShouldBeGreaterThanOrEqualTo(8);
        foreach (var command in _channel.Commands)
            command["writeConcern"].AsView()["w"].AsString().ShouldBe("majority");
    }

    [Fact]
    public async Task A_read_asks_for_a_majority_s_state_after_the_last_write_of_this_process()
    {
        _channel.OperationTime = 7UL << 32;
        await FindAsync();
        await DeleteAsync();
        await FindAsync();
        _channel.OperationTime = (9UL << 32) + 1;
        await DeleteAsync();
        _channel.OperationTime = 8UL << 32;
        await DeleteAsync();
        await FindAsync();

        var reads = _channel.Named("find").ToList();
        reads[0].Find("readConcern").ShouldBeNull("nothing was written yet");
        AfterClusterTime(reads[1]).ShouldBe(7UL << 32);
        AfterClusterTime(reads[2]).ShouldBe((9UL << 32) + 1, "the highest time counts, in whatever order the replies come");
    }

    [Fact]
    public async Task Every_read_of_every_store_asks_for_it()
    {
        _channel.OperationTime = 7UL << 32;
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

        _channel.Named("find").Count().ShouldBe(10);
        foreach (var read in _channel.Named("find"))
            AfterClusterTime(read).ShouldBe(7UL << 32);
    }

    [Fact]
    public async Task A_server_without_a_clock_is_asked_for_nothing_that_it_may_refuse()
    {
        await DeleteAsync();
        await FindAsync();

        _channel.Named("find").Single().Find("readConcern").ShouldBeNull();
    }

    [Fact]
    public async Task Pages_are_followed_to_the_end()
    {
        _channel.Answers(Page("firstBatch", 5, "a", "b")).Answers(Page("nextBatch", 5)).Answers(Page("nextBatch", 0, "c"));

        (await FindAsync()).ShouldBe(["a", "b", "c"]);

        _channel.Named("getMore").Count().ShouldBe(2);
        _channel.Commands[1]["getMore"].AsInt64().ShouldBe(5);
        _channel.Commands[1].Find("readConcern").ShouldBeNull("a cursor goes on as it began");
    }

    [Theory]
    [InlineData(10107)]
    [InlineData(11600)]
    [InlineData(91)]
    public async Task A_command_that_met_a_passing_fault_is_sent_once_more(int code)
    {
        _channel.Answers(FakeChannel.Failed(code));
        await FindAsync();
        _channel.Fails(MongoFault.Network);
        await FindAsync();
        _channel.Answers(FakeChannel.Failed(4711, "RetryableWriteError"));
        await DeleteAsync();

        _channel.Commands.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_page_is_never_asked_for_twice()
    {
        _channel.Answers(Page("firstBatch", 5, "a")).Fails(MongoFault.Network);

        await Should.ThrowAsync<StoreUnavailableException>(FindAsync);

        _channel.Commands.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_is_not_there_was_waited_for_already()
    {
        _channel.Fails(MongoFault.NoServer);

        (await Should.ThrowAsync<StoreUnavailableException>(FindAsync)).Message.ShouldContain("host, database logs");

        _channel.Commands.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_write_that_reached_no_majority_in_time_is_not_done()
    {
        var late = new BsonDocument { { "ok", 1.0 }, { "n", 1 }, { "writeConcernError", new BsonDocument { { "code", 64 }, { "errmsg", "waiting for replication timed out" } } } };
        _channel.Answers(late).Answers(late);

        await Should.ThrowAsync<StoreUnavailableException>(DeleteAsync);
    }

    [Fact]
    public async Task What_the_server_does_not_understand_is_a_defect_and_no_outage()
    {
        _channel.Answers(FakeChannel.Failed(9));

        (await Should.ThrowAsync<MongoException>(FindAsync)).Code.ShouldBe(9);
    }

    private static BsonDocument Page(string batch, long cursor, params string[] ids) => new()
    {
        { "cursor", new BsonDocument { { batch, ids.Select(MongoFilter.Id) }, { "id", cursor } } }, { "ok", 1.0 },
    };

    private static ulong AfterClusterTime(BsonView command)
    {
        var concern = command["readConcern"].AsView();
        concern["level"].AsString().ShouldBe("majority");
        return concern["afterClusterTime"].AsTimestamp();
    }

    private Task<List<string>> FindAsync() => _database.FindAsync("logs", MongoFilter.Id("a"), found => found["_id"].AsString(), Cancellation);

    private Task DeleteAsync() => _database.DeleteAsync("logs", MongoFilter.Id("a"), Cancellation);
}
