namespace Worker.Testing.Contracts;

/// <summary>What <see cref="Storage.IAttemptStore"/> promises.</summary>
public abstract class AttemptStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task An_attempt_is_taken_by_one_and_refused_to_another_until_the_lease_has_lapsed()
    {
        var store = await OpenAsync();

        (await TakeAsync(store, "one", at: 0, until: 100)).ShouldBeTrue();

        (await TakeAsync(store, "two", at: 99, until: 200)).ShouldBeFalse();
        (await TakeAsync(store, "two", at: 100, until: 200)).ShouldBeTrue();
        (await TakeAsync(store, "one", at: 150, until: 300)).ShouldBeFalse();
    }

    [Fact]
    public async Task Its_holder_renews_it()
    {
        var store = await OpenAsync();
        await TakeAsync(store, "one", at: 0, until: 100);

        (await TakeAsync(store, "one", at: 50, until: 150)).ShouldBeTrue();

        (await TakeAsync(store, "two", at: 120, until: 200)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(60_000, false)]
    [InlineData(60_001, true)]
    [InlineData(3_600_000, true)]
    public async Task A_lease_further_ahead_than_one_taken_now_and_a_minute_was_left_by_a_clock_that_was_set_back(
        double ahead, bool taken)
    {
        var store = await OpenAsync();
        await TakeAsync(store, "one", at: ahead, until: 30_000 + ahead);

        (await TakeAsync(store, "two", at: 0, until: 30_000)).ShouldBe(taken);

        (await TakeAsync(store, "one", at: ahead, until: 30_000 + ahead)).ShouldBe(!taken || ahead >= 30_000);
    }

    [Fact]
    public async Task A_lease_outlives_the_worker()
    {
        await TakeAsync(await OpenAsync(), "one", at: 0, until: 100);

        (await TakeAsync(await ReopenAsync(), "two", at: 50, until: 200)).ShouldBeFalse();
    }

    [Fact]
    public async Task Attempts_are_told_apart_by_their_ids()
    {
        var store = await OpenAsync();
        await TakeAsync(store, "one", at: 0, until: 100);

        (await TakeAsync(store, "two", at: 0, until: 100, attempt: "another")).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_several_workers_exactly_one_takes_an_attempt()
    {
        var stores = new[] { await OpenAsync(), await OpenAsync(), await OpenAsync() };
        for (var number = 0; number < 20; number++)
        {
            var taken = await Task.WhenAll(stores.Select((store, worker) =>
                Task.Run(
                    () => TakeAsync(store, $"worker-{worker}", at: 0, until: 100, attempt: $"attempt-{number}"),
                    Cancellation)));

            taken.Count(took => took).ShouldBe(1);
        }
    }

    private static Task<bool> TakeAsync(
        StoreUnderTest store, string owner, double at, double until, string attempt = "attempt") =>
        store.Attempts.TryTakeAsync(attempt, "flow", owner, Some.At(at), Some.At(until), Cancellation);
}
