using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Evaluation;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// A Log as JSON, in the shape in which updating a Flow Log answers: every field present, null where it has no value, children
/// and Evaluator Logs whole. Fields of later dialects are there when they have a value. Depth is not bounded by the stack.
/// </summary>
internal sealed class LogJson
{
    private static readonly Field[] CommonFields =
    [
        Fields.Output, Fields.CreatedAt, Fields.Error, Fields.ProviderLatency, Fields.Stdout, Fields.ProviderRequest,
        Fields.ProviderResponse, Fields.Source, Fields.Metadata, Fields.SourceDatapointId, Fields.TraceParentId, Fields.User,
        Fields.Environment,
    ];

    private static readonly Field[] LaterFields =
        [Fields.Messages, Fields.OutputMessage, Fields.FinishReason, Fields.ToolChoice, Fields.EvaluationId, Fields.RunId];

    private static readonly string[] EvaluatorLogNulls =
    [
        "output", "provider_latency", "provider_request", "provider_response", "source", "metadata", "source_datapoint_id",
        "trace_parent_id", "user", "environment", "trace_flow_id", "trace_id",
    ];

    private const int FlushAt = 64 * 1024;

    private readonly Utf8JsonWriter _writer;
    private readonly TraceView _view;
    private readonly bool _allRevisions;
    private readonly IReadOnlyDictionary<string, LogTotals> _totals;

    private LogJson(Utf8JsonWriter writer, TraceView view, bool allRevisions)
    {
        (_writer, _view, _allRevisions) = (writer, view, allRevisions);
        _totals = LogTotals.Fold(view.Trace);
    }

    /// <summary>Writes the view's Log with everything under it.</summary>
    /// <param name="allRevisions">Also the verdicts that later content superseded; each then says so.</param>
    public static void Write(Stream output, TraceView view, bool allRevisions, bool indented)
    {
        var options = new JsonWriterOptions { Indented = indented, MaxDepth = int.MaxValue, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var writer = new Utf8JsonWriter(output, options);
        new LogJson(writer, view, allRevisions).WriteTree();
    }

    private void WriteTree()
    {
        var open = new Stack<(IEnumerator<Log> Siblings, Log? Trace)>();
        open.Push((Only(_view.Trace.Head), _view.Outermost));
        while (open.TryPeek(out var level))
        {
            if (level.Siblings.MoveNext())
            {
                var log = level.Siblings.Current;
                var trace = level.Trace ?? (log.Kind == LogKind.Flow ? log : null);
                WriteLog(log, trace);
                _writer.WriteStartArray("trace_children");
                open.Push((_view.Trace.ChildrenOf(log.Id).GetEnumerator(), trace));
                continue;
            }

            open.Pop();
            if (open.Count == 0)
                break;
            _writer.WriteEndArray();
            _writer.WriteEndObject();
            if (_writer.BytesPending > FlushAt)
                _writer.Flush();
        }
    }

    private static IEnumerator<Log> Only(Log log)
    {
        yield return log;
    }

    private void WriteLog(Log log, Log? trace)
    {
        var totals = _totals[log.Id];
        _writer.WriteStartObject();
        _writer.WriteString("id", log.Id);
        WriteEvaluatorLogs(log.Id);
        WriteFile(log);
        WriteInstant("start_time", totals.Start);
        WriteInstant("end_time", totals.End);
        foreach (var field in CommonFields)
            WriteValue(field.Name, log[field]);
        WriteValue("inputs", log[Fields.Inputs] ?? (log.Withheld ? null : JsonValue.Parse("{}")));
        WriteStrings("batches", log.Batches);
        _writer.WriteBoolean("save", !log.Withheld);
        _writer.WriteString("trace_flow_id", trace?.Resolution?.FileId);
        _writer.WriteString("trace_id", trace?.Id);
        _writer.WriteString("trace_status", log.Kind == LogKind.Flow ? Status(log) : null);
        WriteValue("log_status", log.Kind == LogKind.Flow ? JsonValue.FromText(Status(log)) : log[Fields.LogStatus]);
        WriteLater(log, totals);
    }

    private static string Status(Log log) => log.IsComplete ? "complete" : "incomplete";

    private void WriteLater(Log log, LogTotals totals)
    {
        foreach (var field in LaterFields)
        {
            if (log[field] is { } value)
                WriteValue(field.Name, value);
        }

        WriteNumber(Fields.PromptTokens, totals.PromptTokens);
        WriteNumber(Fields.OutputTokens, totals.OutputTokens);
        WriteNumber(Fields.ReasoningTokens, totals.ReasoningTokens);
        WriteNumber(Fields.PromptCost, totals.PromptCost);
        WriteNumber(Fields.OutputCost, totals.OutputCost);
    }

    /// <summary>The File and Version, under the name of their kind, with the Version's details.</summary>
    private void WriteFile(Log log)
    {
        var resolution = log.Resolution ?? Resolution.None;
        var path = (resolution.FileId is { } id ? _view.Files.Files.GetValueOrDefault(id)?.Path : null) ?? log.Path;
        _writer.WriteStartObject(log.Kind.WireName());
        WriteFileNames(resolution.FileId, path, resolution.VersionId);
        if (resolution is { Waits: true, Missing: { } missing })
            _writer.WriteString("unresolved", missing.ToString());
        if (resolution.VersionId is { } version && _view.Files.Versions.TryGetValue(version, out var details))
            WriteDetails(details.Details);
        _writer.WriteEndObject();
    }

    private void WriteFileNames(string? id, string? path, string? versionId)
    {
        _writer.WriteString("id", id);
        _writer.WriteString("path", path);
        _writer.WriteString("name", path?[(path.LastIndexOf('/') + 1)..]);
        _writer.WriteString("version_id", versionId);
    }

    private void WriteDetails(JsonValue details)
    {
        using var parsed = JsonDocument.Parse(details.Utf8, new JsonDocumentOptions { MaxDepth = 1000 });
        if (parsed.RootElement.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in parsed.RootElement.EnumerateObject())
        {
            if (property.Name is not ("id" or "path" or "name" or "version_id"))
                property.WriteTo(_writer);
        }
    }

    private void WriteEvaluatorLogs(string logId)
    {
        _writer.WriteStartArray("evaluator_logs");
        foreach (var verdict in _allRevisions ? _view.Verdicts[logId] : _view.CurrentVerdicts(logId))
            WriteEvaluatorLog(verdict);
        _writer.WriteEndArray();
    }

    private void WriteEvaluatorLog(EvaluatorLog verdict)
    {
        _writer.WriteStartObject();
        _writer.WriteString("id", verdict.Id);
        _writer.WriteString("parent_id", verdict.LogId);
        WriteValue("judgment", verdict.Judgment);
        _writer.WriteString("error", verdict.Error);
        _writer.WriteString("stdout", verdict.Stdout);
        WriteInstant("start_time", Timestamps.ToMicroseconds(verdict.StartTime));
        WriteInstant("end_time", Timestamps.ToMicroseconds(verdict.EndTime));
        WriteInstant("created_at", Timestamps.ToMicroseconds(verdict.EndTime));
        _writer.WriteStartObject("evaluator");
        WriteFileNames(verdict.EvaluatorId, verdict.Path, verdict.EvaluatorVersionId);
        WriteValue("spec", verdict.Spec);
        _writer.WriteEndObject();
        _writer.WriteNumber("revision", verdict.Revision);
        if (_allRevisions)
            _writer.WriteBoolean("superseded", _view.IsSuperseded(verdict));
        foreach (var name in EvaluatorLogNulls)
            _writer.WriteNull(name);
        WriteValue("inputs", JsonValue.Parse("{}"));
        WriteStrings("batches", []);
        _writer.WriteBoolean("save", true);
        WriteStrings("evaluator_logs", []);
        WriteStrings("trace_children", []);
        _writer.WriteEndObject();
    }

    private void WriteValue(string name, JsonValue? value)
    {
        _writer.WritePropertyName(name);
        if (value is { } json)
            _writer.WriteRawValue(json.Utf8.Span, skipInputValidation: true);
        else
            _writer.WriteNullValue();
    }

    private void WriteInstant(string name, long? microseconds) =>
        _writer.WriteString(name, microseconds is { } instant ? Timestamps.Format(instant) : null);

    private void WriteNumber(Field field, decimal? value)
    {
        if (value is { } number)
            _writer.WriteNumber(field.Name, number);
    }

    private void WriteStrings(string name, IEnumerable<string> values)
    {
        _writer.WriteStartArray(name);
        foreach (var value in values)
            _writer.WriteStringValue(value);
        _writer.WriteEndArray();
    }
}
