using System.Text;
using System.Text.Json;
using Worker.Files;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Reads what a message says about a File: <c>file.saved</c> with <c>kind</c>, <c>path</c> or <c>id</c>, the
/// <c>details</c> of a Version, and its <c>version_id</c> where it has had one elsewhere; <c>file.deployed</c> and
/// <c>file.undeployed</c> with the File's <c>id</c>, the <c>environment</c>, and the former with a <c>version_id</c>;
/// <c>file.monitored</c> with the File's <c>id</c> and a list of <c>evaluators</c>, each an <c>evaluator_id</c>,
/// <c>active</c>, and a <c>version_id</c> or else an <c>environment</c>. Ids are derived as they are for Logs.
/// </summary>
internal sealed class FileMessages
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonBody.MaxDepth };

    private readonly VersionIds _ids = new();

    /// <param name="body">One JSON object.</param>
    /// <param name="occurredAt">By its sender's clock, else its receipt.</param>
    public (FileChange? Change, Refusal? Refusal) Read(
        MessageKind kind, ReadOnlyMemory<byte> body, long occurredAt, string messageId)
    {
        using var document = Parse(body);
        return kind == MessageKind.FileSaved ? Saved(document.RootElement)
            : kind == MessageKind.FileMonitored ? Monitored(document.RootElement, occurredAt, messageId)
            : Deployed(kind, document.RootElement, occurredAt, messageId);
    }

    private (FileChange?, Refusal?) Saved(JsonElement body)
    {
        var kinds = Enum.GetValues<LogKind>().ToDictionary(kind => kind.WireName(), StringComparer.Ordinal);
        if (Text(body, "kind") is not { } named)
            return (null, Missing("kind", $"what kind of File it means: {string.Join(", ", kinds.Keys)}"));
        if (!kinds.TryGetValue(named, out var kind))
            return (null, new(
                RefusalReason.WrongType,
                "kind",
                $"kind is no kind of File; accepted are {string.Join(", ", kinds.Keys)}."));
        var file = Text(body, "path") is { } path ? _ids.File(kind, path) : null;
        if (Text(body, "id") is { } id)
            file = new(id, kind, file?.Path);
        if (file is null)
            return (null, Missing("path", "which File it means"));
        var versionId = Text(body, "version_id");
        if (TooLong(("id", file.Id), ("version_id", versionId)) is { } refusal)
            return (null, refusal);
        var details = body.TryGetProperty("details", out var given) && given.ValueKind == JsonValueKind.Object
            ? new JsonValue(Encoding.UTF8.GetBytes(given.GetRawText()))
            : VersionDetails.Empty;
        var version = _ids.Version(kind, file.Id, details);
        return (new(file, versionId is null ? version : version with { Id = versionId }, null), null);
    }

    private static (FileChange?, Refusal?) Deployed(
        MessageKind kind, JsonElement body, long occurredAt, string messageId)
    {
        if (Text(body, "id") is not { } id)
            return (null, Missing("id", "which File it means"));
        if (Text(body, "environment") is not { } environment)
            return (null, Missing("environment", "which Environment it means"));
        var version = kind == MessageKind.FileDeployed ? Text(body, "version_id") : null;
        if (kind == MessageKind.FileDeployed && version is null)
            return (null, Missing("version_id", "which Version it means"));
        return TooLong(("id", id), ("environment", environment), ("version_id", version)) is { } refusal
            ? (null, refusal)
            : (new(null, null, new(id, environment, version) { OccurredAt = occurredAt, MessageId = messageId }), null);
    }

    private static (FileChange?, Refusal?) Monitored(JsonElement body, long occurredAt, string messageId)
    {
        if (Text(body, "id") is not { } id)
            return (null, Missing("id", "which File it means"));
        if (!body.TryGetProperty("evaluators", out var list) || list.ValueKind != JsonValueKind.Array)
            return (null, Missing("evaluators", "which Evaluators it means"));
        var said = new List<Monitoring>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || Text(item, "evaluator_id") is not { } evaluator)
                return (null, Missing("evaluator_id", "which Evaluator it means"));
            var (version, environment) = (Text(item, "version_id"), Text(item, "environment"));
            if (TooLong(("id", id), ("evaluator_id", evaluator), ("version_id", version), ("environment", environment))
                is { } refusal)
                return (null, refusal);

            var isActive = item.TryGetProperty("active", out var active) && active.ValueKind == JsonValueKind.True;
            var slot = version is null ? environment ?? Deployment.DefaultEnvironment : null;
            said.Add(new(id, evaluator, version, slot, isActive)
            {
                OccurredAt = occurredAt, MessageId = messageId,
            });
        }

        return (new(null, null, null) { Monitorings = said }, null);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException) when (NonNumbers.Replace(body.Span) is { } repaired)
        {
            return JsonDocument.Parse(repaired.Json, Options);
        }
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;

    private static Refusal Missing(string field, string what) =>
        new(RefusalReason.MissingField, field, $"The message has to say {what}; send {field}.");

    /// <summary>Of the first of those ids that is longer than an id may be; null where none is.</summary>
    private static Refusal? TooLong(params ReadOnlySpan<(string Field, string? Id)> ids)
    {
        foreach (var (field, id) in ids)
        {
            if (id is not null && Encoding.UTF8.GetByteCount(id) > MessageDecoder.MaxIdBytes)
                return new(
                    RefusalReason.IdTooLong,
                    field,
                    $"{field} has more than {MessageDecoder.MaxIdBytes} UTF-8 bytes; shorten it.");
        }

        return null;
    }
}
