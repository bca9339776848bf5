namespace Worker.Testing;

/// <summary>One store in memory, however often it is opened.</summary>
public sealed class InMemoryTestStore : ITestStore
{
    private readonly InMemoryStore _store = new();

    Task<StoreUnderTest> ITestStore.OpenAsync(CancellationToken cancellationToken) => Task.FromResult(
        StoreUnderTest.Of(_store));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
