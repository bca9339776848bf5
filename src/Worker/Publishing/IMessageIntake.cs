using Worker.Storage;

namespace Worker.Publishing;

/// <summary>
/// Takes single messages from any number of callers at once, who share confirms and transactions. Lasting: what is not
/// there now is looked for again with the next message.
/// </summary>
internal interface IMessageIntake
{
    /// <summary>For sentences, e.g. "the inbox in SQLite /data/worker.db". Holds no secret.</summary>
    string Name { get; }

    /// <summary>
    /// Returns when the message is durable: confirmed by the broker, or written. Throws <see cref="NotTakenException"/>
    /// when it is not, or when that cannot be known. Returns or throws within half a minute.
    /// </summary>
    Task TakeAsync(InboxMessage message, CancellationToken cancellationToken);
}
