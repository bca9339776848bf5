using System.Collections.Immutable;

namespace Worker.Traces;

/// <summary>
/// One message, decoded: what it says about one Log. Times are microseconds since the Unix epoch, UTC.
/// </summary>
internal sealed record LogMessage
{
    public required MessageKind Kind { get; init; }

    public required string LogId { get; init; }

    public required LogIdentity Identity { get; init; }

    /// <summary>
    /// The AMQP message id, else <see cref="BodyHash"/>: the same for every delivery of this message.
    /// </summary>
    public required string MessageId { get; init; }

    /// <summary>
    /// Lower hex SHA-256 of kind and body. Null where nothing needs it: the message has a <c>log_id</c>, a message id
    /// and a clock.
    /// </summary>
    public string? BodyHash { get; init; }

    /// <summary>By the sender's clock; null when the message has none, and the receipt stands in.</summary>
    public long? OccurredAt { get; init; }

    public required long ReceivedAt { get; init; }

    /// <summary>
    /// In the order of <see cref="LogFields.All"/>; null unsets, and occurs on Updated messages, and where a
    /// verdict is taken back. Their stamp is one and the same, and a proposal: see <see cref="LogMerge"/>.
    /// </summary>
    public ImmutableArray<FieldEntry> Changes { get; init; } = [];

    /// <summary>
    /// The conversation that the Log belongs to, by id: its parent where no message declares one. Null where it is in
    /// none.
    /// </summary>
    public string? ConversationId { get; init; }

    /// <summary><c>save: false</c>, or a <c>save</c> that could not be read.</summary>
    public bool Withheld { get; init; }

    public string? BatchId { get; init; }

    /// <summary>A Flow message with <c>trace_status</c> or <c>log_status</c> "complete".</summary>
    public bool CompletionRequested { get; init; }

    public ImmutableArray<string> Problems { get; init; } = [];
}
