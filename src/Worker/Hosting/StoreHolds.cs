namespace Worker.Hosting;

/// <summary>The locks that are held on stores, released together.</summary>
internal sealed class StoreHolds : IDisposable
{
    private readonly List<IDisposable> _held = [];

    /// <param name="hold">Null for a store that any number of workers may use.</param>
    public void Add(IDisposable? hold)
    {
        if (hold is not null)
            _held.Add(hold);
    }

    public void Dispose()
    {
        foreach (var hold in _held)
            hold.Dispose();
        _held.Clear();
    }
}
