namespace Worker.Testing;

/// <summary>The data of one test. Each opening is one more worker over them; disposing removes them.</summary>
public interface ITestStore : IAsyncDisposable
{
    /// <summary>
    /// Laws kill a worker before one of its calls after another: each, or where a store is slow to ask every n-th,
    /// from a random one on.
    /// </summary>
    static virtual int KillEvery => 1;

    /// <summary>
    /// A prepared store over the data: empty at first; what was written stays for the next opening, whether or not the
    /// last is still open.
    /// </summary>
    internal Task<StoreUnderTest> OpenAsync(CancellationToken cancellationToken);
}
