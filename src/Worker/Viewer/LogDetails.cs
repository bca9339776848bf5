using System.Text.Json;
using Worker.Files;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>
/// One Log with all that is known of it, but for long values: of these, and of what a provider was sent and sent back,
/// only the length is told, and a browser asks for them by themselves.
/// </summary>
internal sealed class LogDetails(
    ILogStore logs, IEvaluatorLogStore verdicts, IPostedVerdictStore posted, IRunStore runs, IFileStore files)
{
    private const int LongestValue = 256 * 1024;
    private const int MostPosted = 200;

    private static readonly Field[] OnDemand = [LogFields.ProviderRequest, LogFields.ProviderResponse];

    private static readonly Field[] Hidden =
        [LogFields.Path, LogFields.JudgmentText, LogFields.TraceParentId, LogFields.StartTime, LogFields.EndTime];

    /// <summary>False where there is no such Log.</summary>
    public async Task<bool> WriteAsync(string id, Func<Stream> begin, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } log)
            return false;
        var judged = await verdicts.ReadAsync([id], cancellationToken);
        var run = await runs.ReadAsync(id, cancellationToken);
        var catalog = await files.ReadAsync(
            log.Resolution?.FileId is { } fileId ? [new FileKey(fileId)] : [], cancellationToken);
        await using var writer = new Utf8JsonWriter(begin(), PageJson.Options);
        writer.WriteStartObject();
        WriteLog(writer, log, catalog);
        writer.WriteStartArray("verdicts");
        var inner = (await VerdictsOnVerdicts.ReadAsync(runs, verdicts, [id], cancellationToken))
            .ToLookup(verdict => verdict.LogId, StringComparer.Ordinal);
        foreach (var verdict in judged)
            WriteVerdict(writer, verdict, verdict.Revision < run?.Revision, inner);
        await foreach (var page in posted.OnAsync(id, cancellationToken))
        {
            var shown = page.Take(MostPosted).ToList();
            var onThese = await OnPostedAsync([.. shown.Select(verdict => verdict.Id)], cancellationToken);
            foreach (var verdict in shown)
                WritePosted(writer, verdict, onThese);
            break;
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        return true;
    }

    /// <summary>A value of the Log, whole; null where there is none.</summary>
    public async Task<JsonValue?> FieldAsync(string id, string name, CancellationToken cancellationToken) =>
        LogFields.Find(name) is { } field && await FindAsync(id, cancellationToken) is { } log ? log[field] : null;

    private async Task<Log?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await logs.ReadAsync([id], cancellationToken)).GetValueOrDefault(id) is { IsDeleted: false } log ? log : null;

    /// <summary>The verdicts on verdicts from outside, and on these, by what they are on.</summary>
    private async Task<ILookup<string, EvaluatorLog>> OnPostedAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var found = await verdicts.ReadAsync(ids, cancellationToken);
        var inner = await VerdictsOnVerdicts.ReadAsync(runs, verdicts, ids, cancellationToken);
        return found.Concat(inner).ToLookup(each => each.LogId, StringComparer.Ordinal);
    }

    private static void WriteLog(Utf8JsonWriter writer, Log log, FileCatalog catalog)
    {
        var fileId = log.Resolution?.FileId;
        var span = LogSpan.From(log);
        writer.WriteString("id", log.Id);
        writer.WriteString("kind", log.Kind.WireName());
        writer.WriteString("path", (fileId is null ? null : catalog.Files.GetValueOrDefault(fileId)?.Path) ?? log.Path);
        writer.WriteString("file_id", fileId);
        writer.WriteString("version_id", log.Resolution?.VersionId);
        writer.WriteString("parent", log.ParentId);
        writer.WriteNumber("created", log.CreatedAt);
        writer.WriteNumberOrNull("start", span.Start);
        writer.WriteNumberOrNull("end", span.End);
        writer.WriteBoolean("complete", log.Kind == LogKind.Flow ? log.IsComplete : log.IsFinished);
        writer.WriteBoolean("withheld", log.Withheld);
        writer.WriteStrings("problems", log.Problems);
        writer.WriteStartObject("fields");
        var shown = log.Fields.Where(entry => entry.Value is not null && !Hidden.Contains(entry.Field)).ToList();
        foreach (var entry in shown)
            WriteField(writer, entry.Field, entry.Value!.Value);
        writer.WriteEndObject();
        writer.WriteStartObject("said_at");
        foreach (var entry in shown)
            writer.WriteNumber(entry.Field.Name, entry.Stamp.At);
        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, Field field, JsonValue value)
    {
        writer.WritePropertyName(field.Name);
        if (value.Utf8.Length <= LongestValue && !OnDemand.Contains(field))
        {
            writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("$length", value.Utf8.Length);
        writer.WriteEndObject();
    }

    /// <param name="inner">The verdicts on it and on these, by what they are on.</param>
    private static void WriteVerdict(
        Utf8JsonWriter writer, EvaluatorLog verdict, bool isSuperseded, ILookup<string, EvaluatorLog> inner)
    {
        writer.WriteStartObject();
        writer.WriteString("id", verdict.Id);
        writer.WriteString("path", verdict.Path);
        writer.WriteNumber("revision", verdict.Revision);
        writer.WriteBoolean("superseded", isSuperseded);
        writer.WriteValue("judgment", verdict.Judgment);
        writer.WriteString("error", verdict.Error);
        writer.WriteString("reason", verdict.Reason);
        writer.WriteString("stdout", verdict.Stdout);
        writer.WriteValue("details", verdict.Details);
        writer.WriteNumberOrNull("start", Timestamps.ToMicroseconds(verdict.StartTime));
        writer.WriteNumberOrNull("end", Timestamps.ToMicroseconds(verdict.EndTime));
        WriteInner(writer, verdict.Id, inner);
        writer.WriteEndObject();
    }

    /// <summary>A verdict does not change, so none on it is superseded.</summary>
    private static void WriteInner(Utf8JsonWriter writer, string id, ILookup<string, EvaluatorLog> inner)
    {
        if (!inner.Contains(id))
            return;
        writer.WriteStartArray("verdicts");
        foreach (var verdict in inner[id])
            WriteVerdict(writer, verdict, isSuperseded: false, inner);
        writer.WriteEndArray();
    }

    private static void WritePosted(Utf8JsonWriter writer, Log verdict, ILookup<string, EvaluatorLog> inner)
    {
        writer.WriteStartObject();
        writer.WriteString("id", verdict.Id);
        writer.WriteString("path", verdict.Path ?? verdict.Resolution?.FileId);
        writer.WriteBoolean("outside", true);
        writer.WriteValue("judgment", verdict.Judgment);
        writer.WriteString("error", verdict.Text(LogFields.Error));
        writer.WriteString("user", verdict.Text(LogFields.User));
        writer.WriteNumberOrNull("end", verdict.CreatedAt);
        WriteInner(writer, verdict.Id, inner);
        writer.WriteEndObject();
    }
}
