namespace Worker.Traces;

/// <summary>When a message without a clock of its own was first received.</summary>
/// <param name="Stamp">The stamp of the message's values; its time is the receipt.</param>
/// <param name="Body">
/// The beginning of the hash of kind and body, because one message id under two bodies is two messages. Null where the
/// message id is that hash, and in documents that are older than this field.
/// </param>
internal sealed record Receipt(Stamp Stamp, string? Body)
{
    /// <summary>64 bits: enough to tell the few messages of one id and one Log apart.</summary>
    private const int BodyCharacters = 16;

    public static Receipt From(LogMessage message, Stamp stamp) => new(stamp, BodyOf(message));

    /// <summary>Whether this is the receipt of that message.</summary>
    public bool IsOf(LogMessage message) => IsNamed(message) && Body == BodyOf(message);

    /// <summary>Whether this may be the receipt of that message: which body was received is not known.</summary>
    public bool MayBeOf(LogMessage message) => IsNamed(message) && Body is null;

    private bool IsNamed(LogMessage message) =>
        Stamp.MessageId == message.MessageId && Stamp.Updated == message.Kind.IsUpdate();

    private static string? BodyOf(LogMessage message) =>
        message.BodyHash is { } hash && hash != message.MessageId
            ? hash[..Math.Min(hash.Length, BodyCharacters)]
            : null;
}
