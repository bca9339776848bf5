using MongoDB.Bson;
using Worker.Errors;
using Worker.Storage.MongoDb;

namespace Worker.Tests.Storage.MongoDb;

/// <summary>What saves that share a command are told, whatever the server says of it.</summary>
public sealed class MongoRunStoreTests : IAsyncDisposable
{
    private const int ValidationFailed = 121;

    private readonly Lock _lock = new();
    private readonly List<BsonDocument> _updates = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeMongoServer _server;
    private readonly MongoDatabase _database;
    private readonly MongoRunStore _runs;
    private Func<BsonDocument, BsonDocument> _update = command => Done(Ids(command).Count);
    private Func<BsonDocument> _found = () => FakeMongoServer.Found();

    public MongoRunStoreTests()
    {
        _server = new() { Answer = AnswerAsync };
        _database = _server.Connect();
        _runs = new(_database);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _database.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_save_that_stood_beside_one_that_failed_is_told_so()
    {
        _update = command => Ids(command) switch
        {
            ["b", "c", "d"] => Refused(2, at: 2),
            ["c", "d"] => Refused(0, at: 1),
            ["b"] or ["c"] => Done(0),
            ["d"] => Refused(0, at: 0),
            var ids => Done(ids.Count),
        };
        _found = () => FakeMongoServer.Found(Marked("b"), Marked("c"));
        List<Task<bool>> saves = [SaveAsync("a"), SaveAsync("b"), SaveAsync("c"), SaveAsync("d")];

        _opened.SetResult();

        (await Task.WhenAll(saves.Take(3))).ShouldBe(
            [true, true, true], "b and c were replaced by the command in which d failed");
        (await Should.ThrowAsync<StoreUnexpectedException>(saves[3])).Code.ShouldBe(ValidationFailed);
        _updates.Select(Ids).ShouldBe([["a"], ["b", "c", "d"], ["b"], ["c", "d"], ["c"], ["d"]]);
    }

    [Fact]
    public async Task A_save_that_another_save_has_followed_is_told_that_it_stood()
    {
        _update = _ => Done(0);
        _found = () => FakeMongoServer.Found(
            new BsonDocument { { "_id", "a" }, { "mark", "another's" }, { "mark_before", FirstMarkOf("a") } });
        _opened.SetResult();

        (await SaveAsync("a")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_save_whose_mark_is_nowhere_was_lost()
    {
        _update = _ => Done(0);
        _found = () => FakeMongoServer.Found(new BsonDocument { { "_id", "a" }, { "mark", "another's" } });
        _opened.SetResult();

        (await SaveAsync("a")).ShouldBeFalse();
    }

    private static BsonDocument Done(int matched) =>
        new() { { "n", matched }, { "nModified", matched }, { "ok", 1.0 } };

    private static BsonDocument Refused(int matched, int at) => new()
    {
        { "n", matched },
        { "nModified", matched },
        { "ok", 1.0 },
        { "writeErrors", new BsonArray { new BsonDocument { { "index", at }, { "code", ValidationFailed }, { "errmsg", "the server's words" } } } },
    };

    private static List<string> Ids(BsonDocument command) =>
        [.. command["updates"].AsBsonArray.Select(update => update["q"]["_id"].AsString)];

    private Task<bool> SaveAsync(string id) => _runs.SaveAsync(Some.Run(id) with { Version = 1 }, [], Cancellation);

    private BsonDocument Marked(string id) => new() { { "_id", id }, { "mark", FirstMarkOf(id) } };

    /// <summary>As it was sent first: a save that is sent again has to bear the same.</summary>
    private string FirstMarkOf(string id)
    {
        var command = _updates.First(sent => Ids(sent).Contains(id));
        var pipeline = command["updates"][Ids(command).IndexOf(id)]["u"];
        return pipeline[0]["$replaceWith"]["$mergeObjects"][0]["$literal"]["mark"].AsString;
    }

    private async Task<BsonDocument> AnswerAsync(BsonDocument command)
    {
        await _opened.Task;
        lock (_lock)
        {
            if (!command.Contains("update"))
                return _found();
            _updates.Add(command);
            return _update(command);
        }
    }
}
