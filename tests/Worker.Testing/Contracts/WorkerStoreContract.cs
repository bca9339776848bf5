using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IWorkerStore"/> promises.</summary>
public abstract class WorkerStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly SeenWorker First = new()
    {
        Id = "b", Host = "ä \0 'host'", ProcessId = int.MaxValue, Version = "1.2.3", Role = "run", StartedAt = Some.At(1), SeenAt = Some.At(5),
    };

    private static readonly SeenWorker Second = First with { Id = "a", Host = "", ProcessId = 1, Role = "later", SeenAt = Some.At(7) };

    [Fact]
    public async Task Who_was_seen_last_comes_first_and_as_it_wrote_itself_down()
    {
        var store = await OpenAsync();
        (await store.Workers.ListAsync(10, Cancellation)).ShouldBeEmpty();
        await store.Workers.SeeAsync(First, Cancellation);
        await store.Workers.SeeAsync(Second, Cancellation);
        await store.Workers.SeeAsync(Second with { Id = "c" }, Cancellation);

        store = await ReopenAsync();
        (await store.Workers.ListAsync(10, Cancellation)).ShouldBe([Second, Second with { Id = "c" }, First]);
        (await store.Workers.ListAsync(1, Cancellation)).ShouldBe([Second]);
    }

    [Fact]
    public async Task Who_is_seen_again_is_there_once()
    {
        var store = await OpenAsync();
        await store.Workers.SeeAsync(First, Cancellation);
        await store.Workers.SeeAsync(Second, Cancellation);
        await (await OpenAsync()).Workers.SeeAsync(First with { SeenAt = Some.At(9) }, Cancellation);

        (await (await ReopenAsync()).Workers.ListAsync(10, Cancellation)).ShouldBe([First with { SeenAt = Some.At(9) }, Second]);
    }

    [Fact]
    public async Task Who_leaves_is_gone_and_so_is_who_was_not_seen_for_long()
    {
        var store = await OpenAsync();
        foreach (var worker in new[] { First, Second, Second with { Id = "c" } })
            await store.Workers.SeeAsync(worker, Cancellation);

        await store.Workers.LeaveAsync("c", Cancellation);
        await store.Workers.LeaveAsync("none", Cancellation);
        await store.Workers.ForgetAsync(Some.At(5), Cancellation);
        (await store.Workers.ListAsync(10, Cancellation)).ShouldBe([Second, First]);
        await store.Workers.ForgetAsync(Some.At(6), Cancellation);

        (await (await ReopenAsync()).Workers.ListAsync(10, Cancellation)).ShouldBe([Second]);
    }
}
