using Shouldly;
using Worker.Storage.Bson;
using Worker.Storage.MongoDb;
using Worker.Testing;
using Xunit;

namespace Worker.Tests.Storage.MongoDb;

/// <summary>What saves that share a command are told, whatever the server says of it.</summary>
public sealed class MongoRunStoreTests : IAsyncDisposable
{
    private const int ValidationFailed = 121;

    private readonly Lock _lock = new();
    private readonly List<BsonView> _updates = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MongoDatabase _database;
    private readonly MongoRunStore _runs;
    private Func<BsonView, BsonDocument> _update = command => Done(Ids(command).Count);
    private Func<BsonDocument> _found = () => FakeChannel.Found();

    public MongoRunStoreTests()
    {
        _database = new(new Channel(this), MongoAddress.Parse("mongodb://host"), TimeProvider.System);
        _runs = new(_database);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_save_that_stood_beside_one_that_failed_is_told_so()
    {
        _update = command => Ids(command) switch
        {
            ["c", "d"] => Refused(1, at: 1),
            ["c"] => Done(0),
            ["d"] => Refused(0, at: 0),
            var ids => Done(ids.Count),
        };
        _found = () => FakeChannel.Found(new BsonDocument { { "_id", "c" }, { "mark", FirstMarkOf("c") } });
        List<Task<bool>> saves = [SaveAsync("a"), SaveAsync("b"), SaveAsync("c"), SaveAsync("d")];

        _opened.SetResult();

        (await Task.WhenAll(saves.Take(3))).ShouldBe([true, true, true], "c was replaced by the command in which d failed");
        (await Should.ThrowAsync<MongoException>(saves[3])).Code.ShouldBe(ValidationFailed);
        _updates.Select(Ids).ShouldBe([["a"], ["b"], ["c", "d"], ["c"], ["d"]], ignoreOrder: true);
    }

    [Fact]
    public async Task A_save_that_another_save_has_followed_is_told_that_it_stood()
    {
        _update = _ => Done(0);
        _found = () => FakeChannel.Found(new BsonDocument { { "_id", "a" }, { "mark", "another's" }, { "mark_before", FirstMarkOf("a") } });
        _opened.SetResult();

        (await SaveAsync("a")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_save_whose_mark_is_nowhere_was_lost()
    {
        _update = _ => Done(0);
        _found = () => FakeChannel.Found(new BsonDocument { { "_id", "a" }, { "mark", "another's" } });
        _opened.SetResult();

        (await SaveAsync("a")).ShouldBeFalse();
    }

    private static BsonDocument Done(int matched) => new() { { "n", matched }, { "ok", 1.0 } };

    private static BsonDocument Refused(int matched, int at) => new()
    {
        { "n", matched },
        { "ok", 1.0 },
        { "writeErrors", new BsonArray { new BsonDocument { { "index", at }, { "code", ValidationFailed }, { "errmsg", "the server's words" } } } },
    };

    private static List<string> Ids(BsonView command)
    {
        var ids = new List<string>();
        foreach (var update in command["updates"].AsView())
            ids.Add(update.AsView()["q"].AsView()["_id"].AsString());
        return ids;
    }

    private Task<bool> SaveAsync(string id) => _runs.SaveAsync(Some.Run(id) with { Version = 1 }, [], Cancellation);

    /// <summary>As it was sent first: a save that is sent again has to bear the same.</summary>
    private string FirstMarkOf(string id)
    {
        var command = _updates.First(sent => Ids(sent).Contains(id));
        var update = command["updates"].AsView().Items()[Ids(command).IndexOf(id)].AsView();
        var replacement = update["u"].AsView().Items()[0].AsView()["$replaceWith"].AsView()["$mergeObjects"].AsView().Items()[0].AsView();
        return replacement["$literal"].AsView()["mark"].AsString();
    }

    private sealed class Channel(MongoRunStoreTests test) : IMongoChannel
    {
        public async Task<ReadOnlyMemory<byte>> RunAsync(string database, ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
        {
            await test._opened.Task;
            var view = new BsonView(command.ToArray());
            lock (test._lock)
            {
                if (view.Find("update"u8) is null)
                    return test._found().Bytes;
                test._updates.Add(view);
                return test._update(view).Bytes;
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
