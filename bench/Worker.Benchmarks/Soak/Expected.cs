using Worker.Ingestion;
using Worker.Masking;
using Worker.Traces;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// What has to be stored after a trace's messages, by the pure decoder and the pure merge alone: no store, no broker,
/// one order.
/// </summary>
internal sealed class Expected
{
    private static readonly MessageDecoder Decoder = new(new IngestionOptions().MaxMessageBytes);

    private readonly Dictionary<string, Log> _logs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deadLetterIds = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _children;

    public Expected(int trace, IEnumerable<SoakMessage> messages)
    {
        Trace = trace;
        foreach (var message in messages)
            Take(message);

        // A verdict goes with the Log that it is on.
        foreach (var verdict in _logs.Values.Where(log => !log.IsDeleted && log.JudgedId is not null).ToList())
        {
            if (_logs.GetValueOrDefault(verdict.JudgedId!)?.DeletedAt is { } at)
                _logs[verdict.Id] = LogMerge.Deleted(verdict, at);
        }

        _children = _logs.Values
            .Where(log => !log.IsDeleted && log.ParentId is not null)
            .ToLookup(log => log.ParentId!, log => log.Id, StringComparer.Ordinal);
    }

    public int Trace { get; }

    /// <summary>Every Log, tombstones included.</summary>
    public IReadOnlyDictionary<string, Log> Logs => _logs;

    public IReadOnlySet<string> DeadLetterIds => _deadLetterIds;

    /// <summary>The Log and everything under it; parents here never form a cycle.</summary>
    public IEnumerable<string> MembersOf(string logId) => _children[logId].SelectMany(MembersOf).Prepend(logId);

    private void Take(SoakMessage message)
    {
        var decoded = Decoder.Decode(new InboundMessage
        {
            Body = message.Body,
            Type = message.Type,
            MessageId = message.MessageId,
            RoutingKey = message.Type,
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Tag = 0,
        });
        if (decoded.Refusal is not null)
        {
            _deadLetterIds.Add(DeadLetterWriter.Letter(decoded, withheld: false, Masker.Off, default).DeadLetterId);
            return;
        }

        var merged = LogMerge.Apply(_logs.GetValueOrDefault(decoded.Message!.LogId), decoded.Message);
        _logs[decoded.Message.LogId] = merged.Log
            ?? throw new InvalidOperationException("The traffic holds a refusal that depends on the order.");
    }
}
