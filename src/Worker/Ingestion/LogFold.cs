using Worker.Files;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// One Log of a write, and what becomes of it: the messages of a chunk for it, in the order of their arrival. None
/// where it is only looked at again, because what it waits for may have appeared, or what it is on was deleted.
/// </summary>
internal sealed class LogFold(string logId, List<DecodedMessage> messages)
{
    private bool _isTakenBack;

    public string LogId { get; } = logId;

    public List<DecodedMessage> Messages { get; } = messages;

    /// <summary>
    /// Nobody has a message of the Log in hand, so that its wake would not be repeated by a redelivery: when it is
    /// resolved now, it stays owed a wake until that is done (see <see cref="Resolution.IsOwedAWake"/>).
    /// </summary>
    public bool IsTakenUp { get; init; }

    /// <summary>
    /// The deleted Log that this one is a verdict on, by id, and when it was deleted: it goes with that, if it still is
    /// on it.
    /// </summary>
    public (string LogId, long At)? GoesWith { get; init; }

    /// <summary>It is removed, and counts as deleted then; where nothing is stored, nothing is.</summary>
    public long? RemovedAt { get; init; }

    /// <summary>What became of each message.</summary>
    public MergeResult[] Results { get; private set; } = [];

    /// <summary>What was stored before; null when nothing was.</summary>
    public Log? Before { get; private set; }

    /// <summary>What is to be stored; null when nothing is.</summary>
    public Log? After { get; private set; }

    /// <summary>What is stored once it is written.</summary>
    public Log? Stored => IsChanged ? After! with { Version = After.Version + 1 } : After;

    /// <summary>
    /// Its messages say that something was logged, and none was delivered before. Of a conversation each message speaks
    /// again.
    /// </summary>
    public bool IsProbablyNew => Messages.Count > 0 && Messages.TrueForAll(message =>
        message.Inbound.DeliveryCount == 0
        && !message.IsConcluded
        && message.Kind is { } kind && !kind.IsUpdate() && kind != MessageKind.LogDeleted);

    public bool IsChanged => !ReferenceEquals(Before, After);

    /// <summary>It waits for something that does not exist yet; and could be written, if that came.</summary>
    public bool Waits => !_isTakenBack && After?.Resolution is { Waits: true };

    /// <summary>
    /// What it asks for in File and Version is new, or is to be looked for again; otherwise the pinned resolution
    /// stays.
    /// </summary>
    public bool Asks => Messages.Count == 0
        ? Waits
        : IsChanged && After is { IsDeleted: false }
            && (Before?.Resolution is null || !VersionRequest.AreSame(Before, After));

    /// <summary>Merges the messages into what is stored now. Done again after a lost race.</summary>
    public void Apply(Log? stored)
    {
        if (Results.Length != Messages.Count)
            Results = new MergeResult[Messages.Count];
        _isTakenBack = false;
        Before = stored;
        After = stored;
        for (var i = 0; i < Messages.Count; i++)
        {
            Results[i] = LogMerge.Apply(After, Messages[i].Message!);
            After = Results[i].Log;
        }

        if (GoesWith is { } judged && After is { IsDeleted: false } && After.JudgedId == judged.LogId)
            After = LogMerge.Deleted(After, judged.At);
        if (RemovedAt is { } at && After is { IsDeleted: false })
            After = LogMerge.Deleted(After, at);
        if (!IsTakenUp && After?.Resolution is { IsOwedAWake: true } owed)
            Resolve(owed.Woken());
    }

    public void Resolve(Resolution resolution)
    {
        if (IsTakenUp && resolution.Missing is null)
            resolution = resolution with { Missing = After!.Resolution!.Missing };
        if (After!.Resolution != resolution)
            After = After with { Resolution = resolution };
    }

    /// <summary>
    /// Leaves the Log as it was, which would be too large for the store; refuses the message that made it so.
    /// </summary>
    public void TakeBack(Refusal refusal)
    {
        After = Before;
        _isTakenBack = true;
        if (Messages.Count > 0)
            Results = [new(Before, MergeOutcome.Refused, refusal)];
    }
}
