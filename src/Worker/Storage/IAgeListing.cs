using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// What is stored, from the oldest on: for what is removed by age. What is written meanwhile may be seen or not. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IAgeListing
{
    /// <summary>
    /// Every Log that stands, each once, in pages, about in the order in which they first came: those that several
    /// workers wrote at once may change places. No document is read, and no page before it is asked for.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<OldLog>> OldestAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The ids of tombstones of before <paramref name="until"/>, oldest first, <paramref name="limit"/> at most. Read
    /// from an index.
    /// </summary>
    Task<IReadOnlyList<string>> TombstonesAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken);
}
