using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Files;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// A Log as JSON, in the shape in which updating a Flow Log answers: every field present, null where it has no value,
/// children and Evaluator Logs whole. Fields of later dialects are there when they have a value. Depth is not bounded
/// by the stack.
/// </summary>
internal sealed class LogJson
{
    /// <summary>Always there.</summary>
    internal static readonly IReadOnlyList<Field> CommonFields =
    [
        LogFields.Output, LogFields.CreatedAt, LogFields.Error, LogFields.ProviderLatency, LogFields.Stdout,
        LogFields.ProviderRequest, LogFields.ProviderResponse, LogFields.Source, LogFields.Metadata,
        LogFields.SourceDatapointId, LogFields.TraceParentId, LogFields.User, LogFields.Environment,
    ];

    /// <summary>There where they have a value.</summary>
    internal static readonly IReadOnlyList<Field> LaterFields =
    [
        LogFields.Messages, LogFields.OutputMessage, LogFields.FinishReason, LogFields.ToolChoice,
        LogFields.EvaluationId, LogFields.RunId, LogFields.MarkedCompleted,
    ];

    private static readonly string[] EvaluatorLogNulls =
    [
        "output", "provider_latency", "provider_request", "provider_response", "source", "metadata",
        "source_datapoint_id", "trace_parent_id", "user", "environment", "trace_flow_id", "trace_id",
    ];

    private const int FlushAt = 64 * 1024;

    private readonly Utf8JsonWriter _writer;
    private readonly bool _allRevisions;
    private readonly bool _isTruncated;
    private readonly FileJson _files;

    private LogJson(Utf8JsonWriter writer, LogJsonStyle style)
    {
        _writer = writer;
        _allRevisions = style.AllRevisions;
        _isTruncated = style.IsTruncated;
        _files = new(writer, style.ForClients);
    }

    /// <summary>Writes the view's Log with everything under it, while it is read.</summary>
    /// <param name="entries">Those of the view.</param>
    public static async Task WriteAsync(
        Stream output,
        TraceView view,
        IAsyncEnumerable<TraceEntry> entries,
        LogJsonStyle style,
        CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(output, Options(style));
        await new LogJson(writer, style).WriteTreeAsync(view, entries, cancellationToken);
    }

    /// <summary>
    /// Writes a page of a list, each Log as <see cref="WriteAsync"/> does, one after the other while they are read.
    /// </summary>
    public static async Task WritePageAsync(
        Stream output,
        LogPage page,
        IAsyncEnumerable<(TraceView View, IAsyncEnumerable<TraceEntry> Entries)> records,
        LogJsonStyle style,
        CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(output, Options(style));
        writer.WriteStartObject();
        writer.WriteStartArray("records");
        var json = new LogJson(writer, style);
        await foreach (var (view, entries) in records.WithCancellation(cancellationToken))
            await json.WriteTreeAsync(view, entries, cancellationToken);
        writer.WriteEndArray();
        writer.WriteNumber("page", page.Number);
        writer.WriteNumber("size", page.Size);
        writer.WriteNumber("total", page.Total);
        writer.WriteEndObject();
    }

    private static JsonWriterOptions Options(LogJsonStyle style) => new()
    {
        Indented = style.Indented, MaxDepth = int.MaxValue, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private async Task WriteTreeAsync(
        TraceView view, IAsyncEnumerable<TraceEntry> entries, CancellationToken cancellationToken)
    {
        var trace = view.Outermost is { } outermost ? TraceName.From(outermost) : null;
        var open = new Stack<TraceName?>();
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            Close(open, entry.Line.Depth);
            var above = open.Count > 0 ? open.Peek() : trace;
            var own = above ?? (entry.Log.MayHeadTrace ? TraceName.From(entry.Log) : null);
            await WriteLogAsync(entry, own, cancellationToken);
            _writer.WriteStartArray("trace_children");
            open.Push(own);
            if (_writer.BytesPending > FlushAt)
                await _writer.FlushAsync(cancellationToken);
        }

        Close(open, 0);
    }

    /// <summary>Ends the Logs that are not above that depth.</summary>
    private void Close(Stack<TraceName?> open, int depth)
    {
        for (; open.Count > depth; open.Pop())
        {
            _writer.WriteEndArray();
            _writer.WriteEndObject();
        }
    }

    private async Task WriteLogAsync(TraceEntry entry, TraceName? trace, CancellationToken cancellationToken)
    {
        _writer.WriteStartObject();
        _writer.WriteString("id", entry.Log.Id);
        if (_isTruncated && entry.Line.Depth == 0)
            _writer.WriteBoolean("truncated", true);
        await WriteEvaluatorLogsAsync(entry, cancellationToken);
        WriteContent(entry.Log, entry.Files, entry.Span, entry.Sums, trace);
        if (entry.Problems.Any())
            WriteStrings("problems", entry.Problems);
    }

    private void WriteContent(Log log, FileCatalog files, LogSpan span, LogSums sums, TraceName? trace)
    {
        if (log.Kind == LogKind.Evaluator)
        {
            _writer.WriteString("parent_id", log.JudgedId);
            WriteValue("judgment", log.Judgment);
        }

        _files.Write(log, files);
        WriteInstant("start_time", span.Start);
        WriteInstant("end_time", span.End);
        foreach (var field in CommonFields)
            WriteValue(field.Name, log[field]);
        WriteValue("inputs", log[LogFields.Inputs] ?? (log.Withheld ? null : JsonValue.Parse("{}")));
        WriteStrings("batches", log.Batches);
        _writer.WriteBoolean("save", !log.Withheld);
        _writer.WriteString("trace_flow_id", trace?.FlowId);
        _writer.WriteString("trace_id", trace?.LogId);
        _writer.WriteString("trace_status", log.Kind == LogKind.Flow ? Status(log) : null);
        WriteValue("log_status", log.Kind == LogKind.Flow ? JsonValue.FromText(Status(log)) : log[LogFields.LogStatus]);
        WriteLater(log, sums);
    }

    private static string Status(Log log) => log.IsComplete ? "complete" : "incomplete";

    private void WriteLater(Log log, LogSums sums)
    {
        foreach (var field in LaterFields)
        {
            if (log[field] is { } value)
                WriteValue(field.Name, value);
        }

        WriteNumber(LogFields.PromptTokens, sums.PromptTokens);
        WriteNumber(LogFields.OutputTokens, sums.OutputTokens);
        WriteNumber(LogFields.ReasoningTokens, sums.ReasoningTokens);
        WriteNumber(LogFields.PromptCost, sums.PromptCost);
        WriteNumber(LogFields.OutputCost, sums.OutputCost);
    }

    private async Task WriteEvaluatorLogsAsync(TraceEntry entry, CancellationToken cancellationToken)
    {
        _writer.WriteStartArray("evaluator_logs");
        foreach (var verdict in entry.Shown(_allRevisions))
            WriteEvaluatorLog(verdict, entry.IsSuperseded(verdict), entry.OnVerdicts);
        await foreach (var verdict in entry.Posted.WithCancellation(cancellationToken))
        {
            WritePosted(verdict);
            if (_writer.BytesPending > FlushAt)
                await _writer.FlushAsync(cancellationToken);
        }

        _writer.WriteEndArray();
    }

    /// <summary>What is under it, and the verdicts on it, are shown where it is read by its own id.</summary>
    private void WritePosted(PostedVerdict verdict)
    {
        var log = verdict.Log;
        _writer.WriteStartObject();
        _writer.WriteString("id", log.Id);
        WriteContent(log, verdict.Files, LogSpan.From(log), LogSums.None, trace: null);
        _writer.WriteNull("revision");
        if (_allRevisions)
            _writer.WriteBoolean("superseded", false);
        if (!log.Problems.IsEmpty)
            WriteStrings("problems", log.Problems);
        WriteStrings("evaluator_logs", []);
        WriteStrings("trace_children", []);
        _writer.WriteEndObject();
    }

    /// <summary>With the verdicts on it, which lie at most as deep as <c>Evaluation:MaxDepth</c> may be.</summary>
    private void WriteEvaluatorLog(
        EvaluatorLog verdict, bool isSuperseded, ILookup<string, EvaluatorLog> onVerdicts)
    {
        _writer.WriteStartObject();
        _writer.WriteString("id", verdict.Id);
        _writer.WriteString("parent_id", verdict.LogId);
        WriteValue("judgment", verdict.Judgment);
        _writer.WriteString("error", verdict.Error);
        if (verdict.Reason is not null)
            _writer.WriteString("reason", verdict.Reason);
        if (verdict.Details is { } details)
            WriteValue("details", details);
        _writer.WriteString("stdout", verdict.Stdout);
        WriteInstant("start_time", Timestamps.ToMicroseconds(verdict.StartTime));
        WriteInstant("end_time", Timestamps.ToMicroseconds(verdict.EndTime));
        WriteInstant("created_at", Timestamps.ToMicroseconds(verdict.EndTime));
        _files.Write(verdict);
        _writer.WriteNumber("revision", verdict.Revision);
        if (_allRevisions)
            _writer.WriteBoolean("superseded", isSuperseded);
        foreach (var name in EvaluatorLogNulls)
            _writer.WriteNull(name);
        WriteValue("inputs", JsonValue.Parse("{}"));
        WriteStrings("batches", []);
        _writer.WriteBoolean("save", true);
        _writer.WriteStartArray("evaluator_logs");
        foreach (var one in onVerdicts[verdict.Id])
            WriteEvaluatorLog(one, isSuperseded, onVerdicts);
        _writer.WriteEndArray();
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

    /// <summary>What names a trace: its outermost Flow Log, and that one's File.</summary>
    private sealed record TraceName(string LogId, string? FlowId)
    {
        public static TraceName From(Log outermost) => new(outermost.Id, outermost.Resolution?.FileId);
    }
}
