namespace Worker.Testing.Contracts;

/// <summary>What all contracts stand on. Each test has data of its own; each opening is one more worker over them.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private readonly List<StoreUnderTest> _opened = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A prepared store over this test's data: empty at first; what was written stays for the next opening, whether or not the last is still open.</summary>
    private protected abstract Task<StoreUnderTest> OpenStoreAsync();

    /// <summary>Removes this test's data.</summary>
    private protected virtual void RemoveData()
    {
    }

    /// <summary>As <see cref="RemoveData"/>, where a server has to do it.</summary>
    private protected virtual Task RemoveDataAsync()
    {
        RemoveData();
        return Task.CompletedTask;
    }

    private protected async Task<StoreUnderTest> OpenAsync()
    {
        var store = await OpenStoreAsync();
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
        await RemoveDataAsync();
        GC.SuppressFinalize(this);
    }

    private async Task CloseAsync()
    {
        foreach (var store in _opened)
            await store.DisposeAsync();
        _opened.Clear();
    }
}
