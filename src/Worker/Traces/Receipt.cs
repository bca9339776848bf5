namespace Worker.Traces;

/// <summary>When a message without a clock of its own was first received.</summary>
/// <param name="Stamp">What it stamps; the time is the receipt.</param>
/// <param name="Body">
/// The beginning of the hash of kind and body, because one message id under two bodies is two messages. Null where the
/// message id is that hash, and in documents of before it was kept.
/// </param>
internal sealed record Receipt(Stamp Stamp, string? Body)
{
    /// <summary>64 bits: enough to tell the few messages of one id and one Log apart.</summary>
    private const int BodyCharacters = 16;

    public static Receipt From(LogMessage message, Stamp stamp) => new(stamp, BodyOf(message));

    /// <summary>It is of that very message.</summary>
    public bool IsOf(LogMessage message) => IsNamed(message) && Body == BodyOf(message);

    /// <summary>It may be of that message: the body that it was of is not known.</summary>
    public bool MayBeOf(LogMessage message) => IsNamed(message) && Body is null;

    private bool IsNamed(LogMessage message) =>
        Stamp.MessageId == message.MessageId && Stamp.Updated == message.Kind.IsUpdate();

    private static string? BodyOf(LogMessage message) =>
        message.BodyHash is { } hash && hash != message.MessageId
            ? hash[..Math.Min(hash.Length, BodyCharacters)]
            : null;
}
