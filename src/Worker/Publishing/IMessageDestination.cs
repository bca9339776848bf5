using Worker.Storage;

namespace Worker.Publishing;

/// <summary>Where published messages go: the broker, or the inbox.</summary>
internal interface IMessageDestination
{
    /// <summary>For sentences, e.g. "the inbox in SQLite /data/worker.db". Holds no secret.</summary>
    string Name { get; }

    /// <summary>
    /// Connects, or makes the store ready; called once, first. Throws with a sentence when it cannot be done.
    /// </summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Returns when every message is durable (confirmed by the broker, or written), except those that were rejected:
    /// their index and a sentence. Throws when it cannot tell; a repeat is harmless, because the same message gives the
    /// same Log.
    /// </summary>
    Task<IReadOnlyList<(int Index, string Why)>> SendAsync(
        IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken);
}
