using System.Collections.Immutable;

namespace Worker.Storage;

/// <summary>
/// A refused message, whole. On RabbitMQ these are the properties and headers of a message in <c>worker.dead</c>.
/// </summary>
internal sealed record DeadLetter
{
    /// <summary>Derived from kind, body and reason: a repeat of the same refusal has the same id.</summary>
    public required string DeadLetterId { get; init; }

    /// <summary>
    /// The message's kind by its wire name; what it claimed to be, when that is unknown; null when it claimed nothing.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>The original message id, else the body's hash.</summary>
    public required string MessageId { get; init; }

    public string? LogId { get; init; }

    /// <summary>The reason's wire name, e.g. <c>missing_field</c>.</summary>
    public required string Reason { get; init; }

    public string? Field { get; init; }

    /// <summary>A sentence: what is wrong and what to do.</summary>
    public required string Detail { get; init; }

    /// <summary>Becomes the first receipt when the letter is redriven.</summary>
    public required DateTimeOffset FirstReceived { get; init; }

    /// <summary>The body as it came; null when <see cref="Withheld"/>.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public required int BodyLength { get; init; }

    /// <summary>Lower hex SHA-256 of the body.</summary>
    public required string BodyHash { get; init; }

    /// <summary>
    /// The Log asked not to be saved: only length and hash are kept, and the letter cannot be redriven.
    /// </summary>
    public bool Withheld { get; init; }

    public string? ContentType { get; init; }

    /// <summary>How <see cref="Body"/> is compressed; null: not at all.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>
    /// How often its message was refused, this time included, oldest first (see <see cref="LetterAttempts"/>). Empty
    /// where an earlier build, or the broker itself, has written the letter.
    /// </summary>
    public ImmutableArray<LetterAttempt> Attempts { get; init; } = [];

    /// <summary><see cref="Attempts"/>, made of what the letter says otherwise where there are none.</summary>
    public ImmutableArray<LetterAttempt> History =>
        Attempts.IsEmpty ? [new(1, FirstReceived, Reason, Detail)] : Attempts;

    /// <summary>When it was written; when its message first came, where nothing says when.</summary>
    public DateTimeOffset WrittenAt => History[^1].At;
}
