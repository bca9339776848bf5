using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>A delivery after decoding: either what it says, or why it can never succeed.</summary>
/// <param name="Kind">Null when nothing recognised names it.</param>
internal sealed record DecodedMessage(InboundMessage Inbound, MessageKind? Kind, LogMessage? Message, Refusal? Refusal)
{
    /// <summary>It says that its content is not to be saved, as far as it could be read.</summary>
    public bool Withheld { get; init; }

    /// <summary>The body could not be read to its end, and so not be asked whether it may be kept.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>The Log it names, as far as it could be read.</summary>
    public string? LogId { get; init; }
}
