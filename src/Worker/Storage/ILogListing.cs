using Worker.Errors;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// The Logs of a File, newest first; of one instant, in an order that is the store's own and stays. Deleted Logs are in
/// no list. A store may cut instants to milliseconds. What is written meanwhile may be seen or not. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface ILogListing
{
    /// <summary>How many there are. Reads an index from one end of the range to the other, and no document.</summary>
    Task<long> CountAsync(LogRange range, CancellationToken cancellationToken);

    /// <summary>
    /// The ids of <paramref name="take"/> of them, after the first <paramref name="skip"/>. Cost grows with both; no
    /// document is read.
    /// </summary>
    Task<IReadOnlyList<string>> PageAsync(LogRange range, int skip, int take, CancellationToken cancellationToken);

    /// <summary>
    /// All of them, whole, in pages no larger than <see cref="MemberPage"/> or a server's reply. A page is fetched when
    /// it is asked for.
    /// </summary>
    IAsyncEnumerable<IReadOnlyCollection<Log>> ReadAsync(LogRange range, CancellationToken cancellationToken);

    /// <summary>
    /// Every Log that is stored, those without a File and verdicts among them, each once, in pages as above, in an
    /// order that is the store's own.
    /// </summary>
    IAsyncEnumerable<IReadOnlyCollection<Log>> AllAsync(CancellationToken cancellationToken);
}
