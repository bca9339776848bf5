namespace Worker.Testing.Contracts;

/// <summary>What <see cref="Storage.IPoisonStore"/> promises.</summary>
public abstract class PoisonStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task Each_attempt_is_counted_for_its_own_message()
    {
        var store = await OpenAsync();

        (await store.Poison.CountAsync(["a", "b"], Cancellation)).ShouldBe(
            Counts(("a", 1), ("b", 1)), ignoreOrder: true);
        (await store.Poison.CountAsync(["a"], Cancellation)).ShouldBe(Counts(("a", 2)));
        (await store.Poison.CountAsync(["a\0b", "a"], Cancellation)).ShouldBe(
            Counts(("a\0b", 1), ("a", 3)), ignoreOrder: true);
    }

    [Fact]
    public async Task Reading_counts_nothing()
    {
        var store = await OpenAsync();
        await store.Poison.CountAsync(["a"], Cancellation);

        for (var i = 0; i < 2; i++)
            (await store.Poison.ReadAsync(["a", "never counted"], Cancellation)).ShouldBe(Counts(("a", 1)));
        (await store.Poison.ReadAsync([], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_count_outlives_the_worker()
    {
        await (await OpenAsync()).Poison.CountAsync(["a"], Cancellation);

        var store = await ReopenAsync();
        (await store.Poison.ReadAsync(["a"], Cancellation)).ShouldBe(Counts(("a", 1)));
        (await store.Poison.CountAsync(["a"], Cancellation)).ShouldBe(Counts(("a", 2)));
    }

    [Fact]
    public async Task A_cleared_count_begins_again()
    {
        var store = await OpenAsync();
        await store.Poison.CountAsync(["a", "b", "c"], Cancellation);

        await store.Poison.ClearAsync(["a", "c", "never counted"], Cancellation);
        await store.Poison.ClearAsync([], Cancellation);

        (await store.Poison.ReadAsync(["a", "b", "c"], Cancellation)).ShouldBe(Counts(("b", 1)));
        (await store.Poison.CountAsync(["a", "b"], Cancellation)).ShouldBe(
            Counts(("a", 1), ("b", 2)), ignoreOrder: true);
    }

    [Fact]
    public async Task Thousands_are_counted_at_once()
    {
        var store = await OpenAsync();
        var keys = Enumerable.Range(0, 2500).Select(number => $"{number}").ToList();

        (await store.Poison.CountAsync(keys, Cancellation)).Count.ShouldBe(2500);
        (await store.Poison.ReadAsync(keys, Cancellation)).Values.ShouldAllBe(count => count == 1);
        await store.Poison.ClearAsync(keys, Cancellation);
        (await store.Poison.ReadAsync(keys, Cancellation)).ShouldBeEmpty();
    }

    private static Dictionary<string, int> Counts(params (string Key, int Count)[] counts) =>
        counts.ToDictionary(one => one.Key, one => one.Count);
}
