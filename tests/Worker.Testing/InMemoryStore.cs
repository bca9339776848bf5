using Worker.Storage;

namespace Worker.Testing;

/// <summary>
/// Every storage port over plain dictionaries, under one lock: for unit tests, and as the plainest statement of what
/// the ports mean. Each port is in a file of its own. Nothing outlives the object.
/// </summary>
internal sealed partial class InMemoryStore : IStore
{
    private readonly Lock _lock = new();

    /// <summary>When set, every call throws it and does nothing: a store that is down.</summary>
    public Exception? Failure { get; set; }

    /// <summary>
    /// How many calls it answers before it throws <see cref="Failure"/>: a worker that is killed in the middle.
    /// </summary>
    public int CallsBeforeFailure { get; set; }

    public string Description => "in memory";

    public bool IsShared => true;

    public bool Exists => true;

    public IDisposable? Hold() => null;

    public Task PrepareAsync(CancellationToken cancellationToken) => Do(() => { });

    public Task ProbeAsync(CancellationToken cancellationToken) => Do(() => { });

    private async IAsyncEnumerable<string> Walk(Func<IEnumerable<string>> all)
    {
        foreach (var text in await Do(() => all().Distinct(StringComparer.Ordinal).Order(Utf8Order.Instance).ToList()))
            yield return text;
    }

    private Task<bool> Do(Action action) => Do(() =>
    {
        action();
        return true;
    });

    private Task<T> Do<T>(Func<T> action)
    {
        lock (_lock)
            return Failure is { } failure && CallsBeforeFailure-- <= 0
                ? Task.FromException<T>(failure)
                : Task.FromResult(action());
    }
}
