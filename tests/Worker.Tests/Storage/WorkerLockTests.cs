using Worker.Errors;
using Worker.Storage.Sqlite;

namespace Worker.Tests.Storage;

public sealed class WorkerLockTests : IDisposable
{
    private readonly SqliteTestStore _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void One_worker_at_a_time_holds_a_folder()
    {
        var path = Path.Combine(_file.Folder, "worker.lock");
        using (WorkerLock.Take(_file.Folder))
        {
            Should.Throw<StoreUnusableException>(() => WorkerLock.Take(_file.Folder)).Message
                .ShouldBe($"Another worker process holds {path}: end it, or set Storage:Path to another folder for this one.");
        }

        using var next = WorkerLock.Take(_file.Folder);
    }

    [Fact]
    public void The_folder_is_made()
    {
        using var held = WorkerLock.Take(Path.Combine(_file.Folder, "a", "b"));

        File.Exists(Path.Combine(_file.Folder, "a", "b", "worker.lock")).ShouldBeTrue();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_unusable()
    {
        var taken = Path.Combine(_file.Folder, "taken");
        File.WriteAllText(taken, "");

        Should.Throw<StoreUnusableException>(() => WorkerLock.Take(taken)).Message.ShouldEndWith(
            "set Storage:Path to a folder that may be written.");
    }

    [Fact]
    public async Task Readers_and_publishers_work_beside_the_holder()
    {
        using var held = WorkerLock.Take(_file.Folder);
        await using var store = await _file.OpenAsync(TestContext.Current.CancellationToken);
        await using var beside = await _file.OpenAsync(TestContext.Current.CancellationToken);

        await beside.Inbox.AppendAsync([Some.InboxMessage("a")], TestContext.Current.CancellationToken);

        (await store.Inbox.PeekAsync(0, 10, TestContext.Current.CancellationToken)).Count.ShouldBe(1);
    }
}
