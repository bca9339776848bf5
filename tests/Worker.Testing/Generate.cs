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
    private static readonly string?[] Values = ["\"a\"", "\"b\"", "\"\"", "1", "1.0", "{\"x\":1,\"y\":[1,2]}", "{\"y\":[1,2], \"x\":1.0}", null];

    /// <summary>
    /// Messages that never break the law's exceptions: an id stands for one kind, and message ids are their own.
    /// </summary>
    public static Gen<LogMessage[]> Messages(int atMost = 24, bool deletes = true) =>
        from count in Gen.Choose(1, atMost)
        from messages in Gen.ArrayOf(
            Gen.Elements([.. FlowIds, .. ToolIds]).SelectMany(id => Message(id, deletes)), count)
        select Named(messages);

    /// <summary>Messages for one Log alone. Some have a message id in common; each has a body of its own.</summary>
    public static Gen<LogMessage[]> MessagesForOneLog(bool deletes = true) =>
        from logId in Gen.Elements("f1", "t1")
        from count in Gen.Choose(1, 10)
        from messages in Gen.ArrayOf(Message(logId, deletes), count)
        from ids in Gen.Choose(1, 10)
        select Named(messages, ids);

    /// <summary>The same messages in another order, some of them again.</summary>
    public static Gen<LogMessage[]> ShuffledWithDuplicates(LogMessage[] messages) =>
        from again in Gen.SubListOf(messages)
        from shuffled in Gen.Shuffle(messages.Concat(again).ToArray())
        select shuffled.ToArray();

    /// <summary>
    /// The delivery that decodes to the message, its ids behind a prefix: so that many runs share one store.
    /// </summary>
    public static InboundMessage Delivery(LogMessage message, string prefix = "")
    {
        var body = new JsonObject { ["log_id"] = prefix + message.LogId };
        foreach (var (field, value) in message.Changes)
            body[field.Name] = field == LogFields.TraceParentId
                ? prefix + value!.Value.AsText()
                : JsonNode.Parse(value?.ToString() ?? "null");
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
        from kind in Kind(isFlow, deletes)
        from at in Gen.Choose(0, 5)
        from hasClock in Gen.Elements(true, true, false)
        from received in Gen.Choose(10, 20)
        from changes in Changes(kind)
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

    private static Gen<MessageKind> Kind(bool isFlow, bool deletes)
    {
        var logged = isFlow ? MessageKind.FlowLogged : MessageKind.ToolLogged;
        var updated = isFlow ? MessageKind.FlowLogUpdated : MessageKind.ToolLogUpdated;
        return Gen.Frequency((8, Gen.Constant(logged)), (6, Gen.Constant(updated)), (deletes ? 1 : 0, Gen.Constant(MessageKind.LogDeleted)));
    }

    private static Gen<IEnumerable<KeyValuePair<Field, JsonValue?>>> Changes(MessageKind kind)
    {
        if (kind == MessageKind.LogDeleted)
            return Gen.Constant(Enumerable.Empty<KeyValuePair<Field, JsonValue?>>());

        var content = new[] { LogFields.Inputs, LogFields.Output, LogFields.Error, LogFields.Metadata, LogFields.User };
        return
            from fields in Gen.SubListOf(content)
            from values in Gen.ArrayOf(Gen.Elements(kind.IsUpdate() ? Values : Values[..^1]), fields.Count)
            from parent in Gen.Elements<string?>([null, .. FlowIds, .. ToolIds])
            let changes = fields.Zip(values, (field, value) => KeyValuePair.Create(field, value is null ? (JsonValue?)null : Some.Json(value)))
            select (parent is null ? changes : changes.Append(new(LogFields.TraceParentId, JsonValue.FromText(parent))))
                .OrderBy(change => change.Key.Index).AsEnumerable();
    }
}
