namespace Worker.Testing.Contracts;

/// <summary>
/// What all contracts stand on. Each test has data of its own; each opening is one more worker over them.
/// </summary>
public abstract class StoreContract<TStore> : IAsyncLifetime
    where TStore : ITestStore, new()
{
    private readonly TStore _data = new();
    private readonly List<StoreUnderTest> _opened = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected async Task<StoreUnderTest> OpenAsync()
    {
        var store = await _data.OpenAsync(Cancellation);
        _opened.Add(store);
        return store;
    }

    /// <summary>Ends every worker and begins another: what it sees is durable.</summary>
    private protected async Task<StoreUnderTest> ReopenAsync()
    {
        await CloseAsync();
        return await OpenAsync();
    }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _data.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task CloseAsync()
    {
        foreach (var store in _opened)
            await store.DisposeAsync();
        _opened.Clear();
    }
}
