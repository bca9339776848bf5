namespace Worker.Testing.Contracts;

/// <summary>What <see cref="Storage.IStore"/> promises.</summary>
public abstract class WholeStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task It_says_what_it_is()
    {
        (await OpenAsync()).Store.Description.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task It_is_prepared_as_often_as_one_likes()
    {
        var store = await OpenAsync();
        await store.Poison.CountAsync(["a"], Cancellation);

        await store.Store.PrepareAsync(Cancellation);

        (await store.Poison.CountAsync(["a"], Cancellation))["a"].ShouldBe(2);
    }

    [Fact]
    public async Task Several_workers_may_start_together()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(OpenAsync, Cancellation)));

        foreach (var store in stores)
            await store.Poison.CountAsync(["a"], Cancellation);

        (await stores[0].Poison.CountAsync(["a"], Cancellation))["a"].ShouldBe(5);
    }

    [Fact]
    public async Task A_probe_answers_and_changes_nothing_that_is_read()
    {
        var store = await OpenAsync();

        await store.Store.ProbeAsync(Cancellation);
        await store.Store.ProbeAsync(Cancellation);

        (await store.Inbox.PeekAsync(0, 10, Cancellation)).ShouldBeEmpty();
    }
}
