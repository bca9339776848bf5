using Worker.Testing;

namespace Worker.Tests.Storage;

public sealed class InMemoryStoreLaws : StoreLawsContract
{
    private readonly InMemoryStore _store = new();

    private protected override Task<StoreUnderTest> OpenStoreAsync() => Task.FromResult(StoreUnderTest.Of(_store));
}
