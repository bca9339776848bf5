using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IKeyStore"/> promises.</summary>
public abstract class KeyStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly ApiKey Full = new()
    {
        Id = "b",
        Name = "ä \0 'team'",
        Hash = "aabb",
        Roles = KeyRoles.Ingest | KeyRoles.Review,
        Path = "support/ü",
        Rate = 7,
        MaxBody = 4096,
        CreatedAt = Some.At(1),
    };

    private static readonly ApiKey Bare = new()
    {
        Id = "a", Name = "", Hash = "", Roles = KeyRoles.Admin, CreatedAt = Some.At(2),
    };

    [Fact]
    public async Task Keys_are_kept_whole_and_come_in_the_order_in_which_they_were_made()
    {
        var store = await OpenAsync();
        (await store.Keys.ListAsync(Cancellation)).ShouldBeEmpty();
        await store.Keys.AddAsync(Bare, Cancellation);
        await store.Keys.AddAsync(Full, Cancellation);

        (await (await ReopenAsync()).Keys.ListAsync(Cancellation)).ShouldBe([Full, Bare]);
    }

    [Fact]
    public async Task A_key_is_revoked_once_and_stays_in_the_list()
    {
        var store = await OpenAsync();
        await store.Keys.AddAsync(Full, Cancellation);
        await store.Keys.AddAsync(Bare, Cancellation);

        (await store.Keys.RevokeAsync("b", Some.At(3), Cancellation)).ShouldBeTrue();
        (await store.Keys.RevokeAsync("b", Some.At(4), Cancellation)).ShouldBeFalse();
        (await store.Keys.RevokeAsync("none", Some.At(4), Cancellation)).ShouldBeFalse();

        (await (await ReopenAsync()).Keys.ListAsync(Cancellation)).ShouldBe([Full with { RevokedAt = Some.At(3) }, Bare]);
    }
}
