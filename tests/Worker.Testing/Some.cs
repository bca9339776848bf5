using System.Security.Cryptography;
using System.Text;
using Worker.Ingestion;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>Builds valid objects of which a test names only what it is about.</summary>
internal static class Some
{
    /// <summary>When nothing else is said, this is when it happens.</summary>
    public static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly WakeTimers Timers = new(TimeSpan.FromMilliseconds(500), Quiet: null, MaxAge: null);

    /// <summary><see cref="Time"/> and so many milliseconds more.</summary>
    public static DateTimeOffset At(double milliseconds) => Time.AddMilliseconds(milliseconds);

    /// <summary>As <see cref="At"/>, in the domain's microseconds.</summary>
    public static long Micros(double milliseconds = 0) => Timestamps.ToMicroseconds(At(milliseconds));

    public static JsonValue Json(string json) => JsonValue.Parse(json);

    public static Stamp Stamp(string messageId = "message-1", long? at = null, bool updated = false) => new(
        updated, at ?? Micros(), messageId);

    /// <summary>A stored-shape Log without a File; each field is given as (field, JSON).</summary>
    public static Log Log(
        string id = "log-1",
        string? parent = null,
        LogKind kind = LogKind.Tool,
        params (Field Field, string Json)[] fields)
    {
        var stamp = Stamp();
        var entries = fields.Select(field => new FieldEntry(field.Field, Json(field.Json), stamp));
        if (parent is not null)
            entries = entries.Append(new FieldEntry(LogFields.TraceParentId, JsonValue.FromText(parent), stamp));
        return new Log
        {
            Id = id,
            Kind = kind,
            Fields = [.. entries.OrderBy(entry => entry.Field.Index)],
            Parents = parent is null ? [] : [parent],
            FirstReceivedAt = Micros(),
            Resolution = Resolution.None,
        };
    }

    public static Log FlowLog(
        string id = "flow-1", string? parent = null, bool complete = false, params (Field Field, string Json)[] fields)
    {
        var log = Log(id, parent, LogKind.Flow, fields);
        return complete
            ? log with { HadOutput = true, OutcomeAt = Micros(), OutcomeSentAt = Micros(), CompletionRequestedAt = Micros(), CompletionSentAt = Micros() }
            : log;
    }

    public static Log Tombstone(string id = "log-1", params string[] parents) => new()
    {
        Id = id,
        Kind = LogKind.Tool,
        Parents = [.. parents.Order(StringComparer.Ordinal)],
        DeletedAt = Micros(),
    };

    /// <summary>One with something in every property.</summary>
    public static Log FullLog(string id)
    {
        var logged = Stamp("message \"1\" \0", at: 1);
        var updated = Stamp("message-2", at: Micros(0.001), updated: true);
        return new Log
        {
            Id = id,
            Kind = LogKind.Flow,
            KindIsProvisional = true,
            Fields = [.. LogFields.All.Select(field => new FieldEntry(
                field,
                field.Index % 5 == 4 ? null : Json($"{{\"{field.Name}\":[{field.Index}.0]}}"),
                field.Index % 3 == 0 ? updated : logged))],
            Receipts = [new(logged, "0123456789abcdef"), new(Stamp("message-3"), null)],
            Batches = ["b1", "b2"],
            Parents = ["p1", "p2"],
            Problems = ["Something was \"odd\"."],
            Withheld = true,
            HadOutput = true,
            HadError = true,
            OutcomeAt = Micros(1),
            CompletionRequestedAt = Micros(2),
            OutcomeSentAt = Micros(1.001),
            CompletionSentAt = Micros(-2),
            FirstReceivedAt = Micros(3.001),
            BodyHash = Hash("body"),
            Resolution = new Resolution("fl_1", "flv_1", VersionSource.Environment, new DeploymentKey("fl:1%", "a:b")),
        };
    }

    public static Resolution Unresolved(CatalogKey key) =>
        new(FileId: null, VersionId: null, VersionSource.VersionId, key);

    /// <summary>One with something in every property.</summary>
    public static Run FullRun(string logId) => new()
    {
        LogId = logId,
        State = RunState.Evaluating,
        Revision = 3,
        Due = At(60_000),
        WatchVersion = 7,
        Complete = true,
        OpenedAt = Time,
        Digest = Hash("digest"),
        BegunAt = At(1),
        JudgedAt = At(2),
        FinishedBy = FinishedBy.MaxAge,
        Pins =
        [
            Pin("ev-1", Outcome.SampledOut, "The \"die\" said so."),
            Pin("ev-2"),
            Pin("ev-3") with { NotBefore = At(90_000), Tries = 2 },
        ],
        WaitingFor = "output or error",
        Members = [logId, "tool-1"],
        Owner = "worker-1",
        LeaseUntil = At(30_000),
    };

    public static Run Run(string logId = "flow-1") => new() { LogId = logId, OpenedAt = Time };

    public static Pin Pin(string evaluator = "ev-1", Outcome outcome = Outcome.Waiting, string? reason = null) => new(
        evaluator, evaluator + "-v1", outcome, reason);

    public static Decision Decision(
        string logId = "flow-1",
        int revision = 1,
        string evaluator = "ev-1",
        Outcome outcome = Outcome.Ran,
        string? reason = null) =>
        new(logId, revision, evaluator, evaluator + "-v1", outcome, reason, Time);

    public static EvaluatorLog EvaluatorLog(string logId = "flow-1", int revision = 1, string evaluator = "ev-1", string? judgment = "true", string? error = null) => new()
    {
        Id = $"verdict-{logId}-{revision}-{evaluator}",
        LogId = logId,
        Revision = revision,
        EvaluatorId = evaluator,
        EvaluatorVersionId = evaluator + "-v1",
        Path = "checks/" + evaluator,
        Judgment = judgment is null ? null : Json(judgment),
        Error = error,
        Reason = evaluator == "ev-1" ? "It was \"so\"." : null,
        Details = evaluator == "ev-1" ? Json("""{"model":"m-1","cost":0.25}""") : null,
        StartTime = Time,
        EndTime = At(5),
    };

    public static InboxMessage InboxMessage(string body = "{}", string? type = "tool.logged", string? messageId = null) => new()
    {
        Type = type,
        MessageId = messageId,
        ContentType = "application/json",
        Body = Encoding.UTF8.GetBytes(body),
        ReceivedAt = Time,
    };

    /// <summary>A delivery of that body, as a source hands it to the chunk processor.</summary>
    public static InboundMessage Delivery(string body, string? type = "tool.logged", string? messageId = null, long tag = 1) => new()
    {
        Body = Encoding.UTF8.GetBytes(body),
        Type = type,
        MessageId = messageId,
        ReceivedAt = Time,
        Tag = tag,
    };

    /// <summary>A decoded message.</summary>
    public static LogMessage Message(
        MessageKind kind = MessageKind.ToolLogged,
        string logId = "log-1",
        string messageId = "message-1",
        long? occurredAt = null,
        params (Field Field, string? Json)[] changes) => new()
        {
            Kind = kind,
            LogId = logId,
            Identity = LogIdentity.LogId,
            MessageId = messageId,
            BodyHash = Hash(messageId),
            OccurredAt = occurredAt ?? Micros(),
            ReceivedAt = Micros(),
            Changes = [.. changes.OrderBy(change => change.Field.Index).Select(change => new FieldEntry(change.Field, change.Json is null ? null : Json(change.Json), Worker.Traces.Stamp.Lowest))],
        };

    public static DeadLetter DeadLetter(string id = "dead-1", string body = "{}", string reason = "missing_field", double at = 0) => new()
    {
        DeadLetterId = id,
        Kind = "tool.logged",
        MessageId = "message-of-" + id,
        LogId = "log-of-" + id,
        Reason = reason,
        Field = "log_id",
        Detail = "The message has no log_id: send one.",
        FirstReceived = At(at),
        Body = Encoding.UTF8.GetBytes(body),
        BodyLength = Encoding.UTF8.GetByteCount(body),
        BodyHash = Hash(body),
        ContentType = "application/json",
    };

    /// <summary>Lower hex SHA-256 of the text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
