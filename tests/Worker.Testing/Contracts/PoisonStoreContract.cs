using Shouldly;
using Xunit;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="Storage.IPoisonStore"/> promises.</summary>
public abstract class PoisonStoreContract : StoreContract
{
    [Fact]
    public async Task Each_attempt_is_counted_for_its_own_message()
    {
        var store = await OpenAsync();

        (await store.Poison.CountAsync("a", Cancellation)).ShouldBe(1);
        (await store.Poison.CountAsync("a", Cancellation)).ShouldBe(2);
        (await store.Poison.CountAsync("a\0b", Cancellation)).ShouldBe(1);
        (await store.Poison.CountAsync("a", Cancellation)).ShouldBe(3);
    }

    [Fact]
    public async Task The_count_outlives_the_worker()
    {
        await (await OpenAsync()).Poison.CountAsync("a", Cancellation);

        (await (await ReopenAsync()).Poison.CountAsync("a", Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task A_cleared_count_begins_again()
    {
        var store = await OpenAsync();
        await store.Poison.CountAsync("a", Cancellation);
        await store.Poison.CountAsync("b", Cancellation);

        await store.Poison.ClearAsync("a", Cancellation);
        await store.Poison.ClearAsync("never counted", Cancellation);

        (await store.Poison.CountAsync("a", Cancellation)).ShouldBe(1);
        (await store.Poison.CountAsync("b", Cancellation)).ShouldBe(2);
    }
}
