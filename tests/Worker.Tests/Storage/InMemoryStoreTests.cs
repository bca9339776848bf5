using Worker.Testing;

namespace Worker.Tests.Storage;

public sealed class InMemoryLogStoreTests : LogStoreContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}
