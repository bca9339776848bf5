using Worker.Files;
using Worker.Masking;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// A delivery after decoding: either what it says about a Log or a File, or why it can never succeed.
/// </summary>
/// <param name="Kind">Null when nothing recognised names it.</param>
internal sealed record DecodedMessage(InboundMessage Inbound, MessageKind? Kind, LogMessage? Message, Refusal? Refusal)
{
    /// <summary>What it says about a File; null where it speaks of a Log.</summary>
    public FileChange? File { get; init; }

    /// <summary>What was masked in what was read of it; null where nothing was.</summary>
    public MaskCounts? Masked { get; init; }

    /// <summary>The worker concluded it from another message: nobody sent it, and nobody is told of it.</summary>
    public bool IsConcluded { get; init; }

    /// <summary>It says that its content is not to be saved, as far as it could be read.</summary>
    public bool Withheld { get; init; }

    /// <summary>The body was not read to its end, whatever else it was refused for.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>Nothing in the body could be asked whether it is to be saved.</summary>
    public bool IsUnreadable => IsCutOff || Refusal?.Reason
        is RefusalReason.MalformedJson or RefusalReason.NotAnObject or RefusalReason.TooDeep or RefusalReason.Poison;

    /// <summary>The Log it names, as far as it could be read.</summary>
    public string? LogId { get; init; }
}
