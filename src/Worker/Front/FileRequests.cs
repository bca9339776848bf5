using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Worker.Files;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// Makes the messages of requests about Files. The worker's own decoder reads each before it is taken. Throws
/// <see cref="RefusedRequestException"/>.
/// </summary>
internal sealed class FileRequests(
    IOptions<IngestionOptions> options, RemoteCode remote, Masker masker, TimeProvider time)
{
    /// <summary>What a body says beside the details that make a Version; it is not kept.</summary>
    internal static readonly HashSet<string> Beside =
    [
        "path", "id", "version_name", "version_description", "commit_message", "description", "tags", "readme",
    ];

    private static readonly string[] Places = ["path", "id"];

    /// <summary>Judged outside of the worker: such an Evaluator can be named, and runs nothing here.</summary>
    internal static readonly HashSet<string> Harmless = ["human", "external"];

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly int _limit = options.Value.MaxMessageBytes;
    private readonly MessageDecoder _decoder = new(options.Value.MaxMessageBytes, masker);
    private readonly ReceiptClock _clock = new(time);

    /// <summary>Of a body that holds a File's place and the details of a Version.</summary>
    public async Task<FileRequest> SaveAsync(HttpRequest request, LogKind kind, CancellationToken cancellationToken)
    {
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, _limit));
        await request.Body.CopyToAsync(body, cancellationToken);
        var sent = new InboundMessage
        {
            Body = body.GetBuffer().AsMemory(0, (int)body.Length),
            Type = MessageKind.FileSaved.WireName(),
            ContentEncoding = request.Headers.ContentEncoding.ToString(),
            ReceivedAt = time.GetUtcNow(),
            Tag = 0,
        };
        var limit = BodyLimit.Of(request.HttpContext, _limit, RequestReader.TooLarge);
        var (plain, refusal) = ContentEncodings.Undo(sent, limit.Bytes);
        if (refusal is not null)
            throw Refused(refusal, limit.Sentence);
        if (JsonBody.Clean(plain) is not { } json || BodyNames.Of(json.Span) is null)
            throw Refused(_decoder.Decode(sent).Refusal!);
        using var said = Parse(json);
        return Make(MessageKind.FileSaved, writer =>
        {
            writer.WriteString("kind", kind.WireName());
            foreach (var name in Places)
            {
                if (said.RootElement.TryGetProperty(name, out var value))
                    Write(writer, name, value);
            }

            writer.WritePropertyName("details");
            WriteDetails(writer, kind, said.RootElement);
        });
    }

    public FileRequest Deploy(string fileId, string environment, string? versionId) => Make(
        versionId is null ? MessageKind.FileUndeployed : MessageKind.FileDeployed,
        writer =>
        {
            writer.WriteString("id", fileId);
            writer.WriteString("environment", environment);
            if (versionId is not null)
                writer.WriteString("version_id", versionId);
        });

    /// <summary>Who judges a File's Logs from now on, and who does no more.</summary>
    public FileRequest Monitor(string fileId, IReadOnlyList<Monitoring> changes) =>
        Make(MessageKind.FileMonitored, writer =>
        {
            writer.WriteString("id", fileId);
            writer.WriteStartArray("evaluators");
            foreach (var change in changes)
            {
                writer.WriteStartObject();
                writer.WriteString("evaluator_id", change.EvaluatorId);
                writer.WriteBoolean("active", change.IsActive);
                if (change.VersionId is { } version)
                    writer.WriteString("version_id", version);
                else
                    writer.WriteString("environment", change.Environment);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });

    private FileRequest Make(MessageKind kind, Action<Utf8JsonWriter> write)
    {
        var now = _clock.Next();
        var body = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(body, Writing))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteString("sent_at", Timestamps.Format(Timestamps.ToMicroseconds(now)));
            writer.WriteEndObject();
        }

        var message = new InboxMessage
        {
            Type = kind.WireName(),
            MessageId = Guid.CreateVersion7(now).ToString("n"),
            ContentType = "application/json",
            Body = body.WrittenMemory,
            ReceivedAt = now,
        };
        var decoded = _decoder.Decode(new InboundMessage
        {
            Body = message.Body,
            Type = message.Type,
            MessageId = message.MessageId,
            ContentType = message.ContentType,
            ReceivedAt = now,
            Tag = 0,
        });
        return new(message, decoded.File ?? throw Refused(decoded.Refusal!));
    }

    private void WriteDetails(Utf8JsonWriter writer, LogKind kind, JsonElement said)
    {
        if (kind == LogKind.Evaluator)
        {
            Spec(said).WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in said.EnumerateObject().GroupBy(property => property.Name).Select(same => same.Last()))
        {
            if (!Beside.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null)
                Write(writer, property.Name, property.Value);
        }

        writer.WriteEndObject();
    }

    private JsonElement Spec(JsonElement said)
    {
        if (!said.TryGetProperty("spec", out var spec) || spec.ValueKind != JsonValueKind.Object)
            throw new RefusedRequestException(Invalid.Missing("body", "spec"));
        if (RemoteCode.KindOf(spec) is { } executable)
            return remote.IsAllowed ? spec : throw new RefusedRequestException(NotByRequest(executable));
        if (!spec.TryGetProperty("evaluator_type", out var type) || type.ValueKind != JsonValueKind.String)
            throw new RefusedRequestException(Invalid.Missing("body", "spec.evaluator_type"));
        return Harmless.Contains(type.GetString()!)
            ? spec
            : throw new RefusedRequestException(
                StatusCodes.Status403Forbidden,
                "What the worker runs comes from its files alone: "
                + "write the Evaluator into config/evaluators, and start the worker again");
    }

    private static Invalid NotByRequest(string kind) => new(
        ["body", "spec"],
        $"An Evaluator of the kind {kind} runs code or calls a host, and is taken from the worker's files alone: " +
        $"write it into config/evaluators, or set {RemoteCode.Key}",
        "value_error");

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        var options = new JsonDocumentOptions { MaxDepth = JsonBody.MaxDepth };
        return JsonDocument.Parse(NonNumbers.Replace(json.Span)?.Json ?? json, options);
    }

    private static RefusedRequestException Refused(Refusal refusal, string tooLarge = RequestReader.TooLarge) =>
        refusal.Reason == RefusalReason.TooLarge
        ? new(StatusCodes.Status413PayloadTooLarge, tooLarge)
        : new(Invalid.Of(refusal));
}
