using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// Makes the message of a request. The worker's own decoder reads it before it is taken: what is answered with success
/// is never refused as unreadable later. Throws <see cref="RefusedRequestException"/>.
/// </summary>
internal sealed class RequestReader(IOptions<IngestionOptions> options, Masker masker, TimeProvider time)
{
    public const string TooLarge = "The body is larger than Ingestion:MaxMessageBytes allows; send less";

    private const string Json = "application/json";

    private readonly int _limit = options.Value.MaxMessageBytes;
    private readonly MessageDecoder _decoder = new(options.Value.MaxMessageBytes, masker);
    private readonly ReceiptClock _clock = new(time);

    /// <summary>With a time of that clock, which is never the same twice, an id of a message.</summary>
    private readonly string _process = Guid.NewGuid().ToString("n")[..16];

    /// <summary>What to take room for, for as long as the request is in hand.</summary>
    public long BytesOf(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0 ? Math.Min(request.ContentLength ?? _limit, _limit) : _limit;

    /// <param name="logId">Where the path names the Log; null where the body does, or nobody.</param>
    public async Task<LogRequest> ReadAsync(
        HttpRequest request, MessageKind kind, string? logId, CancellationToken cancellationToken)
    {
        if (logId is { Length: 0 })
            throw new RefusedRequestException(Invalid.Missing("path", "log_id"));
        var (json, names) = await JsonAsync(request, kind, cancellationToken);
        var named = logId ?? (names.LogId ? null : Repeatable(request, kind));
        return Make(
            kind,
            json,
            named ?? (names.LogId ? null : NewId()),
            names with { LogId = names.LogId || named is not null },
            Query(request, "version_id"),
            Query(request, "environment"));
    }

    /// <summary>The body as one JSON object, as it was sent.</summary>
    /// <param name="kind">What it is to become.</param>
    public async Task<(ReadOnlyMemory<byte> Json, BodyNames Names)> JsonAsync(
        HttpRequest request, MessageKind kind, CancellationToken cancellationToken)
    {
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, _limit));
        await request.Body.CopyToAsync(body, cancellationToken);
        var sent = Inbound(
            kind, body.GetBuffer().AsMemory(0, (int)body.Length), request.Headers.ContentEncoding.ToString());
        var limit = BodyLimit.Of(request.HttpContext, _limit, TooLarge);
        var (plain, refusal) = ContentEncodings.Undo(sent, limit.Bytes);
        if (refusal is not null)
            throw Refused(refusal, tooLarge: limit.Sentence);
        if (JsonBody.Clean(plain) is not { } json || BodyNames.Of(json.Span) is not { } names)
            throw Refused(_decoder.Decode(sent).Refusal!);
        return (json, names);
    }

    /// <summary>
    /// The id of a Log whose body names none, and whether it is the same when the request is sent again.
    /// </summary>
    public (string LogId, bool IsNamed) NewLogId(HttpRequest request, MessageKind kind) =>
        Repeatable(request, kind) is { } named ? (named, true) : (NewId(), false);

    /// <summary>Of a body of the front's own, which says everything itself but when that was.</summary>
    /// <param name="isNamed">The client named the Log.</param>
    public LogRequest Make(MessageKind kind, ReadOnlyMemory<byte> json, bool isNamed) =>
        Make(kind, json, null, new BodyNames { LogId = isNamed }, null, null);

    /// <summary>A Log is to be deleted.</summary>
    public LogRequest Delete(string logId) =>
        Make(MessageKind.LogDeleted, "{}"u8.ToArray(), logId, new BodyNames { LogId = true }, null, null);

    /// <param name="logId">Null where the body has it.</param>
    private LogRequest Make(
        MessageKind kind,
        ReadOnlyMemory<byte> json,
        string? logId,
        BodyNames names,
        string? versionId,
        string? environment)
    {
        var now = _clock.Next();
        var body = BodyWriter.With(
            json.Span,
            ("log_id", Text(logId)),
            ("version_id", Text(versionId)),
            ("version_environment", Text(environment)),
            ("sent_at", names.SentAt ? null : Timestamps.ToJson(Timestamps.ToMicroseconds(now))),
            ("messageType", names.MessageType ? JsonValue.Parse("null") : null));
        var (request, refusal) = Read(kind, body, $"{_process}{now.UtcTicks:x}", now, names.LogId);
        return request ?? throw Refused(refusal!, logId is null ? "body" : "path");
    }

    /// <summary>The message of what says everything itself; null with why the worker would refuse it.</summary>
    /// <param name="messageId">The same for the same message, however often it comes.</param>
    public (LogRequest? Request, Refusal? Refusal) Read(
        MessageKind kind, ReadOnlyMemory<byte> body, string messageId) =>
        Read(kind, body, messageId, _clock.Next(), isNamed: true);

    private (LogRequest? Request, Refusal? Refusal) Read(
        MessageKind kind, ReadOnlyMemory<byte> body, string messageId, DateTimeOffset now, bool isNamed)
    {
        var message = new InboxMessage
        {
            Type = kind.WireName(), MessageId = messageId, ContentType = Json, Body = body, ReceivedAt = now,
        };
        var decoded = _decoder.Decode(
            Inbound(kind, body, contentEncoding: null) with { MessageId = messageId, ReceivedAt = now });
        return decoded.Message is { } said
            ? (new(said.Withheld ? message with { Body = BodyWriter.Withheld(said) } : message, said, isNamed), null)
            : (null, decoded.Refusal);
    }

    private InboundMessage Inbound(MessageKind kind, ReadOnlyMemory<byte> body, string? contentEncoding) => new()
    {
        Body = body,
        Type = kind.WireName(),
        ContentType = Json,
        ContentEncoding = contentEncoding,
        ReceivedAt = time.GetUtcNow(),
        Tag = 0,
    };

    private static RefusedRequestException Refused(Refusal refusal, string place = "body", string tooLarge = TooLarge)
    {
        if (refusal.Reason == RefusalReason.TooLarge)
            return new(StatusCodes.Status413PayloadTooLarge, tooLarge);
        var invalid = Invalid.Of(refusal);
        return new(refusal.Field == "log_id" ? invalid with { Location = [place, "log_id"] } : invalid);
    }

    /// <summary>
    /// The id of what a client sends under a name of its own for the request, so that sent again it is the same Log;
    /// null where it names none.
    /// </summary>
    private static string? Repeatable(HttpRequest request, MessageKind kind) =>
        request.Headers["Idempotency-Key"] is [{ Length: > 0 } name]
            ? DerivedIds.LogOfRequest(Caller.Of(request.HttpContext).KeyId, kind, name)
            : null;

    /// <summary>In order of time, so that what comes together is stored together.</summary>
    private string NewId() => "log_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("n");

    private static JsonValue? Text(string? text) => text is null ? null : JsonValue.FromText(text);

    private static string? Query(HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out var values) && values is [.., { Length: > 0 } last] ? last : null;
}
