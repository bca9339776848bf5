using Worker.IntegrationTests.Support;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Traces;

namespace Worker.IntegrationTests.Crash;

/// <summary>
/// What has to be stored after those messages, by the pure decoder and the pure merge alone: no store, no broker, one
/// order.
/// </summary>
internal sealed class Oracle
{
    private readonly Dictionary<string, Log> _logs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deadLetterIds = new(StringComparer.Ordinal);
    private readonly ILookup<string, Log> _children;

    public Oracle(IEnumerable<TestMessage> messages)
    {
        var decoder = new MessageDecoder(new IngestionOptions().MaxMessageBytes);
        foreach (var message in messages)
        {
            var decoded = decoder.Decode(new InboundMessage
            {
                Body = message.Body,
                Type = message.Type,
                MessageId = message.MessageId,
                RoutingKey = message.Type,
                ReceivedAt = TimeProvider.System.GetUtcNow(),
                Tag = 0,
            });
            Take(decoded);
        }

        // A verdict goes with the Log that it is on.
        foreach (var verdict in Standing.ToList())
        {
            if (verdict.JudgedId is { } judged && _logs.GetValueOrDefault(judged)?.DeletedAt is { } at)
                _logs[verdict.Id] = LogMerge.Deleted(verdict, at);
        }

        _children = Standing.Where(log => log.ParentId is not null).ToLookup(
            log => log.ParentId!, StringComparer.Ordinal);
    }

    /// <summary>Every Log, tombstones included.</summary>
    public IReadOnlyDictionary<string, Log> Logs => _logs;

    public IReadOnlySet<string> DeadLetterIds => _deadLetterIds;

    public IEnumerable<Log> Standing => _logs.Values.Where(log => !log.IsDeleted);

    public IEnumerable<string> CompleteFlows => Standing.Where(log => log.IsComplete).Select(log => log.Id);

    /// <summary>The Log and everything under it; parents here never form a cycle.</summary>
    public IEnumerable<string> MembersOf(string logId) =>
        _children[logId].SelectMany(child => MembersOf(child.Id)).Prepend(logId);

    private void Take(DecodedMessage decoded)
    {
        if (decoded.Refusal is not null)
        {
            _deadLetterIds.Add(DeadLetterWriter.Letter(decoded, withheld: false, Masker.Off, default).DeadLetterId);
            return;
        }

        var message = decoded.Message!;
        var merged = LogMerge.Apply(_logs.GetValueOrDefault(message.LogId), message);
        merged.Refusal.ShouldBeNull("the traffic holds nothing whose refusal depends on the order");
        _logs[message.LogId] = merged.Log!;
    }
}
