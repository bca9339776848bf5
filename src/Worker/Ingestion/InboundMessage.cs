using System.Collections.Immutable;
using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>
/// One delivery, as it came from RabbitMQ or the inbox, before it is read. The body belongs to the message: no copy is
/// needed.
/// </summary>
internal sealed record InboundMessage
{
    /// <summary>From this delivery count on a message is a suspect.</summary>
    public const int SuspectFrom = 3;

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The AMQP <c>type</c> property.</summary>
    public string? Type { get; init; }

    public string? MessageId { get; init; }

    public string? ContentType { get; init; }

    /// <summary>
    /// How the body is compressed (AMQP <c>content_encoding</c>); null or <c>identity</c>: not at all.
    /// </summary>
    public string? ContentEncoding { get; init; }

    public string? RoutingKey { get; init; }

    /// <summary>The <c>MT-MessageType</c> header.</summary>
    public string? MessageTypeHeader { get; init; }

    /// <summary>
    /// The routing key of the head entry of <c>x-death</c>: what it was published with before the broker moved it.
    /// </summary>
    public string? DeathRoutingKey { get; init; }

    /// <summary>
    /// What its producer was in, as the header <c>traceparent</c> says it; null where it does not, or nobody listens.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>Now, or the first receipt where a redriven letter carries it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How often it was refused before, where it was a dead letter that was put back.</summary>
    public ImmutableArray<LetterAttempt> Attempts { get; init; } = [];

    /// <summary>
    /// How often this message was delivered before, as far as the source knows; 0 the first time. Workers that were
    /// killed count, and so does every return, an outage's included.
    /// </summary>
    public long DeliveryCount { get; init; }

    /// <summary>
    /// A withheld letter that was moved here from the dead letters: there is no body to be read, and it stays what it
    /// was. Null for every other message.
    /// </summary>
    public DeadLetter? Letter { get; init; }

    /// <summary>
    /// It came back so often that it may be what ends workers: it is kept apart from those that did not.
    /// </summary>
    public bool IsSuspect => DeliveryCount >= SuspectFrom;

    /// <summary>What the source acknowledges by: a delivery tag, or an inbox position.</summary>
    public required long Tag { get; init; }
}
