using System.Text.Json;
using Worker.Files;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>A Log of an export as messages: without what is under it, and without the verdicts on it.</summary>
internal sealed class LogMessages(MessageMaker maker)
{
    /// <summary>When it is over, as far as it says; that is also when it was said.</summary>
    private static readonly string[] Times = ["end_time", "created_at", "start_time"];

    private static readonly HashSet<Field> Apart =
    [
        LogFields.Path, LogFields.FileId, LogFields.VersionId, LogFields.VersionEnvironment, LogFields.TraceParentId,
        LogFields.JudgedId, LogFields.Judgment, LogFields.History,
        .. Enum.GetValues<LogKind>().Select(VersionDetails.FieldOf),
    ];

    private static readonly Dictionary<LogKind, (MessageKind Message, Field[] Fields)> ByKind = new[]
    {
        MessageKind.ToolLogged, MessageKind.PromptLogged, MessageKind.FlowLogged, MessageKind.EvaluatorLogged,
    }.ToDictionary(
        message => message.KindOfLog()!.Value,
        message => (message, LogFields.All.Where(field => message.Carries(field) && !Apart.Contains(field)).ToArray()));

    /// <param name="above">The Log that it stands under, where it does not say that itself.</param>
    /// <param name="judged">The Log that it stands in as a verdict, where it does not say that itself.</param>
    /// <param name="shown">Its File, as the Log shows it.</param>
    /// <param name="file">The one in whose folder it lies, for where it shows none.</param>
    public IEnumerable<MadeMessage> Of(
        LogKind kind, string id, JsonElement log, JsonElement? shown, ExportedFile? file, string? above, string? judged)
    {
        yield return maker.Make(ByKind[kind].Message, writer =>
        {
            WriteIdentity(writer, kind, id, log, shown, file);
            if ((Json.Text(log, "trace_parent_id") ?? above) is { } parent)
                writer.WriteString("trace_parent_id", parent);
            WriteVerdict(writer, kind, log, judged);
            foreach (var field in ByKind[kind].Fields)
            {
                if (Json.Member(log, field.Name) is { } value)
                    Json.WriteRaw(writer, field.Name, value);
            }

            WriteStatus(writer, kind, log);
            if (Batches(log).FirstOrDefault() is { } batch)
                writer.WriteString("batch_id", batch);
        });

        // A message names one batch.
        foreach (var batch in Batches(log).Skip(1))
        {
            yield return maker.Make(ByKind[kind].Message, writer =>
            {
                WriteIdentity(writer, kind, id, log, shown, file);
                if (kind == LogKind.Evaluator)
                    writer.WriteString("parent_id", Json.Text(log, "parent_id") ?? judged);
                writer.WriteString("batch_id", batch);
            });
        }
    }

    private void WriteIdentity(
        Utf8JsonWriter writer, LogKind kind, string id, JsonElement log, JsonElement? shown, ExportedFile? file)
    {
        writer.WriteString("log_id", id);
        foreach (var name in new[] { "id", "path", "version_id" })
        {
            if (shown is { } own && Json.Text(own, name) is { } text)
                writer.WriteString(name, text);
        }

        if (shown is null && file?.Kind == kind)
            writer.WriteString("id", file.Id);

        if (kind != LogKind.Evaluator)
            writer.WriteBoolean("history", maker.IsHistory);
        foreach (var name in Times)
        {
            if (Json.Member(log, name) is not { } time)
                continue;
            Json.WriteRaw(writer, "sent_at", time);
            break;
        }

        if (Json.Member(log, "save") is { } save)
            Json.WriteRaw(writer, "save", save);
    }

    private static void WriteVerdict(Utf8JsonWriter writer, LogKind kind, JsonElement log, string? judged)
    {
        if (kind != LogKind.Evaluator)
            return;
        if ((Json.Text(log, "parent_id") ?? judged) is { } on)
            writer.WriteString("parent_id", on);
        if (log.TryGetProperty("judgment", out var judgment))
            Json.WriteRaw(writer, "judgment", judgment);
    }

    private static void WriteStatus(Utf8JsonWriter writer, LogKind kind, JsonElement log)
    {
        if (kind != LogKind.Flow)
            return;
        foreach (var name in new[] { "trace_status", "log_status" })
        {
            if (Json.Member(log, name) is { } status)
                Json.WriteRaw(writer, name, status);
        }

        // What was not to be saved has had an output, or it would not be complete: an empty one stands for it.
        var isWithheld = Json.Member(log, "save") is { ValueKind: JsonValueKind.False };
        var isOver = (Json.Text(log, "trace_status") ?? Json.Text(log, "log_status")) is { } said
            && LogStatuses.Normalise(said) == LogStatuses.Complete;
        if (isWithheld && isOver && Json.Member(log, "output") is null)
            writer.WriteString("output", "");
    }

    private static IEnumerable<string> Batches(JsonElement log) => Json.Items(log, "batches")
        .Where(batch => batch.ValueKind == JsonValueKind.String)
        .Select(batch => batch.GetString()!)
        .Where(batch => batch.Length > 0)
        .Distinct(StringComparer.Ordinal);
}
