using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Worker.Ingestion;
using Worker.Traces;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Testing;

/// <summary>Random messages for the laws: few ids and few values, so that they meet.</summary>
internal static class Generate
{
    private static readonly string[] FlowIds = ["f1", "f2", "f3"];
    private static readonly string[] ToolIds = ["t1", "t2", "t3", "t4", "t5", "t6"];
    private static readonly string?[] Judgments = ["true", "false", "1", "1.0", "\"a\"", "[\"a\",\"b\"]", null];

    /// <summary>Each verdict is on one Log, be that a verdict too.</summary>
    private static readonly Dictionary<string, string> Judged = new() { ["v1"] = "t1", ["v2"] = "f1", ["v3"] = "v1" };

    private static readonly string?[] Values = ["\"a\"", "\"b\"", "\"\"", "1", "1.0", "{\"x\":1,\"y\":[1,2]}", "{\"y\":[1,2], \"x\":1.0}", null];

    /// <summary>
    /// Messages that never break the law's exceptions: an id stands for one kind, and message ids are their own.
    /// </summary>
    public static Gen<LogMessage[]> Messages(int atMost = 24, bool deletes = true) =>
        from count in Gen.Choose(1, atMost)
        from messages in Gen.ArrayOf(
            Gen.Elements([.. FlowIds, .. ToolIds, .. Judged.Keys]).SelectMany(id => Message(id, deletes)), count)
        select Named(messages);

    /// <summary>Messages for one Log alone. Some have a message id in common; each has a body of its own.</summary>
    public static Gen<LogMessage[]> MessagesForOneLog(bool deletes = true) =>
        from logId in Gen.Elements("f1", "t1", "v1")
        from count in Gen.Choose(1, 10)
        from messages in Gen.ArrayOf(Message(logId, deletes), count)
        from ids in Gen.Choose(1, 10)
        select Named(messages, ids);

    /// <summary>The same messages in another order, some of them again.</summary>
    public static Gen<T[]> ShuffledWithDuplicates<T>(T[] messages) =>
        from again in Gen.SubListOf(messages)
        from shuffled in Gen.Shuffle(messages.Concat(again).ToArray())
        select shuffled.ToArray();

    /// <summary>
    /// The delivery that decodes to the message, its ids behind a prefix: so that many runs share one store.
    /// </summary>
    public static InboundMessage Delivery(LogMessage message, string prefix = "")
    {
        var body = new JsonObject { ["log_id"] = prefix + message.LogId };
        foreach (var (field, value, _) in message.Changes)
        {
            // A judgment stands in one of two fields, the other of which is unset.
            if (field == LogFields.JudgmentText && value is null)
                continue;
            body[field == LogFields.JudgmentText ? LogFields.Judgment.Name : field.Name] = field == LogFields.TraceParentId || field == LogFields.JudgedId
                ? prefix + value!.Value.AsText()
                : JsonNode.Parse(value?.ToString() ?? "null");
        }

        if (message.OccurredAt is { } at)
            body["sent_at"] = Timestamps.Format(at);
        if (message.Withheld)
            body["save"] = false;
        if (message.BatchId is { } batch)
            body["batch_id"] = batch;
        if (message.CompletionRequested)
            body["trace_status"] = "complete";
        return Some.Delivery(body.ToJsonString(), message.Kind.WireName(), message.MessageId) with { ReceivedAt = Timestamps.ToInstant(message.ReceivedAt) };
    }

    private static LogMessage[] Named(LogMessage[] messages, int ids = int.MaxValue) =>
        [.. messages.Select(
            (message, index) => message with { MessageId = $"m{index % ids}", BodyHash = $"h{index}" })];

    private static Gen<LogMessage> Message(string logId, bool deletes) =>
        from isFlow in Gen.Constant(logId[0] == 'f')
        from kind in Kind(logId, deletes)
        from at in Gen.Choose(0, 5)
        from hasClock in Gen.Elements(true, true, false)
        from received in Gen.Choose(10, 20)
        from changes in Changes(kind, logId)
        from withheld in Gen.Frequency((12, Gen.Constant(false)), (1, Gen.Constant(true)))
        from batch in Gen.Elements<string?>(null, null, "b1", "b2")
        from completes in Gen.Elements(true, false, false)
        select new LogMessage
        {
            Kind = kind,
            LogId = logId,
            Identity = LogIdentity.LogId,
            MessageId = "",
            OccurredAt = hasClock ? Some.Micros(at) : null,
            ReceivedAt = Some.Micros(received),
            Changes = [.. changes],
            Withheld = withheld,
            BatchId = kind.IsUpdate() ? null : batch,
            CompletionRequested = isFlow && completes && kind != MessageKind.LogDeleted,
            Problems = withheld ? ["save was taken as false."] : [],
        };

    private static Gen<MessageKind> Kind(string logId, bool deletes)
    {
        var (logged, updated) = logId[0] switch
        {
            'f' => (MessageKind.FlowLogged, MessageKind.FlowLogUpdated),
            't' => (MessageKind.ToolLogged, MessageKind.ToolLogUpdated),
            _ => (MessageKind.EvaluatorLogged, MessageKind.EvaluatorLogged),
        };
        return Gen.Frequency((8, Gen.Constant(logged)), (6, Gen.Constant(updated)), (deletes ? 1 : 0, Gen.Constant(MessageKind.LogDeleted)));
    }

    private static Gen<IEnumerable<FieldEntry>> Changes(
        MessageKind kind, string logId)
    {
        if (kind == MessageKind.LogDeleted)
            return Gen.Constant(Enumerable.Empty<FieldEntry>());

        var content = new[] { LogFields.Inputs, LogFields.Output, LogFields.Error, LogFields.Metadata, LogFields.User };
        return
            from fields in Gen.SubListOf(content)
            from values in Gen.ArrayOf(Gen.Elements(kind.IsUpdate() ? Values : Values[..^1]), fields.Count)
            from parent in Gen.Elements<string?>([null, .. FlowIds, .. ToolIds])
            from verdict in Verdict(logId)
            let changes = verdict.Concat(fields.Zip(values, (field, value) => new FieldEntry(field, value is null ? null : Some.Json(value), Stamp.Lowest)))
            select (parent is null ? changes : changes.Append(new(LogFields.TraceParentId, JsonValue.FromText(parent), Stamp.Lowest)))
                .OrderBy(change => change.Field.Index).AsEnumerable();
    }

    /// <summary>What a verdict says of itself; nothing where the Log is none.</summary>
    private static Gen<IEnumerable<FieldEntry>> Verdict(string logId)
    {
        if (!Judged.TryGetValue(logId, out var judged))
            return Gen.Constant(Enumerable.Empty<FieldEntry>());

        var named = new FieldEntry(LogFields.JudgedId, JsonValue.FromText(judged), Stamp.Lowest);
        return
            from isSaid in Gen.Elements(true, true, false)
            from value in Gen.Elements(Judgments)
            let judgment = value is null ? (JsonValue?)null : Some.Json(value)
            let isText = value is ['"' or '[', ..]
            select isSaid
                ? new[] { named, new(LogFields.Judgment, isText ? null : judgment, Stamp.Lowest), new(LogFields.JudgmentText, isText ? judgment : null, Stamp.Lowest) }
                : new[] { named }.AsEnumerable();
    }
}
