using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>One chunk's messages for one Log, in the order of their arrival, and what they make of it.</summary>
internal sealed class LogFold(string logId, IReadOnlyList<DecodedMessage> messages)
{
    private readonly List<MergeResult> _results = new(messages.Count);

    public string LogId { get; } = logId;

    public IReadOnlyList<DecodedMessage> Messages { get; } = messages;

    /// <summary>What became of each message.</summary>
    public IReadOnlyList<MergeResult> Results => _results;

    /// <summary>What was stored before; null when nothing was.</summary>
    public Log? Before { get; private set; }

    /// <summary>What is to be stored; null when nothing is.</summary>
    public Log? After { get; private set; }

    /// <summary>Its messages say that something was logged, and none was delivered before.</summary>
    public bool IsProbablyNew => Messages.All(message => message.Kind is { } kind && !kind.IsUpdate() && kind != MessageKind.LogDeleted && message.Inbound.DeliveryCount == 0);

    public bool IsChanged => !ReferenceEquals(Before, After);

    /// <summary>What it asks for in File and Version is new; otherwise the pinned resolution stays.</summary>
    public bool AsksAnew =>
        IsChanged && After is { IsDeleted: false } && (Before?.Resolution is null || !VersionRequest.AreSame(Before, After));

    /// <summary>Merges the messages into what is stored now. Done again after a lost race.</summary>
    public void Apply(Log? stored)
    {
        _results.Clear();
        (Before, After) = (stored, stored);
        foreach (var message in Messages)
        {
            var result = LogMerge.Apply(After, message.Message!);
            _results.Add(result);
            After = result.Log;
        }
    }

    public void Resolve(Resolution resolution) => After = After! with { Resolution = resolution };

    /// <summary>Takes back its one message, which made the Log too large for the store.</summary>
    public void Refuse(Refusal refusal)
    {
        After = Before;
        _results.Clear();
        _results.Add(new(Before, MergeOutcome.Refused, refusal));
    }
}
