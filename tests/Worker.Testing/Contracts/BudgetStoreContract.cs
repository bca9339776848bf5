using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IBudgetStore"/> promises.</summary>
public abstract class BudgetStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly BudgetAmounts Limits = new(3, 1_000, 5_000_000);

    [Fact]
    public async Task What_is_spent_adds_up_in_its_window_and_survives_a_restart()
    {
        var store = await OpenAsync();
        (await store.Budgets.ReadAsync("day/a", Cancellation)).ShouldBe(default);
        (await store.Budgets.TryAddAsync("day/a", new(1, 400, 1), Limits, Cancellation)).ShouldBeTrue();
        (await store.Budgets.TryAddAsync("day/a", new(1, 600, 2), Limits, Cancellation)).ShouldBeTrue();
        (await store.Budgets.TryAddAsync("day/b", new(1, 5, 3), BudgetAmounts.Boundless, Cancellation)).ShouldBeTrue();

        store = await ReopenAsync();
        (await store.Budgets.ReadAsync("day/a", Cancellation)).ShouldBe(new(2, 1_000, 3));
        (await store.Budgets.ReadAsync("day/b", Cancellation)).ShouldBe(new(1, 5, 3));
    }

    [Theory]
    [InlineData(4, 0, 0)]
    [InlineData(0, 1_001, 0)]
    [InlineData(0, 0, 5_000_001)]
    public async Task What_would_be_above_a_limit_is_not_added_at_all(long calls, long tokens, long cost)
    {
        var store = await OpenAsync();
        var amounts = new BudgetAmounts(calls, tokens, cost);

        (await store.Budgets.TryAddAsync("fresh", amounts, Limits, Cancellation)).ShouldBeFalse();
        (await store.Budgets.ReadAsync("fresh", Cancellation)).ShouldBe(default);

        (await store.Budgets.TryAddAsync("begun", new(1, 1, 1), Limits, Cancellation)).ShouldBeTrue();
        (await store.Budgets.TryAddAsync("begun", amounts, Limits, Cancellation)).ShouldBeFalse();
        (await store.Budgets.ReadAsync("begun", Cancellation)).ShouldBe(new(1, 1, 1));
    }

    [Fact]
    public async Task What_was_set_aside_and_not_spent_is_there_again()
    {
        var store = await OpenAsync();
        (await store.Budgets.TryAddAsync("day", new(1, 1_000, 0), Limits, Cancellation)).ShouldBeTrue();
        (await store.Budgets.TryAddAsync("day", new(1, 1, 0), Limits, Cancellation)).ShouldBeFalse();

        await store.Budgets.AddAsync("day", new(0, -900, 0), Cancellation);

        (await store.Budgets.TryAddAsync("day", new(1, 1, 0), Limits, Cancellation)).ShouldBeTrue();
        (await store.Budgets.ReadAsync("day", Cancellation)).ShouldBe(new(2, 101, 0));
    }

    [Fact]
    public async Task Many_who_spend_at_once_never_spend_more_than_the_limit()
    {
        var store = await OpenAsync();
        var limits = new BudgetAmounts(25, long.MaxValue, long.MaxValue);

        var taken = await Task.WhenAll(Enumerable.Range(0, 60).Select(
            _ => Task.Run(() => store.Budgets.TryAddAsync("day", new(1, 2, 3), limits, Cancellation))));

        taken.Count(each => each).ShouldBe(25);
        (await store.Budgets.ReadAsync("day", Cancellation)).ShouldBe(new(25, 50, 75));
    }
}
