using System.Collections.Immutable;

namespace Worker.Storage;

/// <summary>A message as a producer left it in the inbox: the same parts as an AMQP message.</summary>
internal sealed record InboxMessage
{
    /// <summary>Given by the store, ascending; 0 before.</summary>
    public long Position { get; init; }

    /// <summary>The wire name, e.g. <c>tool.logged</c>; null when the body's envelope says it.</summary>
    public string? Type { get; init; }

    public string? MessageId { get; init; }

    public string? ContentType { get; init; }

    /// <summary>How <see cref="Body"/> is compressed; null: not at all.</summary>
    public string? ContentEncoding { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>
    /// What its producer was in, as the header <c>traceparent</c> says it; null where nobody traced it.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>How many earlier deliveries ended with the worker killed.</summary>
    public int Redeliveries { get; init; }

    /// <summary>How often it was refused before, where it was a dead letter.</summary>
    public ImmutableArray<LetterAttempt> Attempts { get; init; } = [];

    /// <summary>
    /// The message that a dead letter was, to be tried again: with its first receipt, and without a message id where
    /// the letter's only stands in for one.
    /// </summary>
    public static InboxMessage From(DeadLetter letter) => new()
    {
        Type = letter.Kind,
        MessageId = letter.MessageId == letter.BodyHash ? null : letter.MessageId,
        ContentType = letter.ContentType,
        ContentEncoding = letter.ContentEncoding,
        Body = letter.Body ?? throw new InvalidOperationException("A withheld letter has no body to be tried again."),
        ReceivedAt = letter.FirstReceived,
        Attempts = letter.History,
    };
}
