using Worker.Errors;

namespace Worker.Storage;

/// <summary>
/// A durable queue in the local file: first in, first out; at least once. Without a broker it is what is drained; with
/// one it keeps what the broker does not take. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IInbox
{
    /// <summary>Where it lies, as a short phrase for people.</summary>
    string Description { get; }

    /// <summary>False while nothing has been written to the file, which reading would make.</summary>
    bool Exists { get; }

    /// <summary>Appends messages in order. Durable on return.</summary>
    Task AppendAsync(IReadOnlyCollection<InboxMessage> messages, CancellationToken cancellationToken);

    /// <summary>The oldest messages with a position above <paramref name="after"/>, without removing them.</summary>
    Task<IReadOnlyList<InboxMessage>> PeekAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Looks at every message, but not into it: for the start.</summary>
    Task<InboxSize> SizeAsync(CancellationToken cancellationToken);

    /// <summary>Removes what has been dealt with. Positions that are gone already are passed over.</summary>
    Task RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancellationToken);

    /// <summary>
    /// Called once at start, before the first peek: counts a delivery for the oldest <paramref name="window"/>
    /// messages, which a worker that was killed may have held. What is peeked afterwards carries that count.
    /// </summary>
    Task CountRedeliveriesAsync(int window, CancellationToken cancellationToken);
}
