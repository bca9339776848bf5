using System.Text.Json.Nodes;
using Worker.Traces;
using JsonValue = System.Text.Json.Nodes.JsonValue;

namespace Worker.Front.Otlp;

/// <summary>
/// Spans of the service's own clients: a File and a Log, flattened into attributes that are text. A flow is logged when
/// it begins, by another request, and its span says how it ended.
/// </summary>
internal static class HumanloopSpans
{
    private const string File = "humanloop.file.";
    private const string Log = "humanloop.log.";

    private static readonly string[] Numbers =
        ["prompt_tokens", "output_tokens", "reasoning_tokens", "prompt_cost", "output_cost", "provider_latency"];

    /// <summary>Null where it is none.</summary>
    public static SpanLog? Of(OtlpSpan span, SpanAttributes attributes)
    {
        var kind = attributes.Text(File + "type")?.ToLowerInvariant();
        if (kind is not ("tool" or "prompt" or "flow"))
            return null;
        var path = attributes.Text(File + "path");
        var kernel = attributes.Tree(File) as JsonObject ?? [];
        var log = attributes.Tree(Log) as JsonObject ?? [];
        kernel.Remove("type");
        kernel.Remove("path");
        return kind == "flow" && log["id"] is { } id
            ? End(span, SpanAttributes.TextOf(id), path, log)
            : Logged(span, attributes, kind, path, kernel, log);
    }

    private static SpanLog End(OtlpSpan span, string logId, string? path, JsonObject log)
    {
        var body = new JsonObject { ["log_id"] = logId, ["path"] = path, ["sent_at"] = Timestamps.Format(span.End) };
        foreach (var name in new[] { "log_status", "output", "error", "output_message", "inputs", "messages" })
        {
            if (log[name] is { } value)
                body[name] = value.DeepClone();
        }

        return new(MessageKind.FlowLogUpdated, logId, body);
    }

    private static SpanLog Logged(
        OtlpSpan span, SpanAttributes attributes, string kind, string? path, JsonObject kernel, JsonObject log)
    {
        var logId = log["id"] is { } id ? SpanAttributes.TextOf(id) : SpanLogs.IdOf(span);
        var body = SpanLogs.Common(span, logId);
        if (SpanLogs.ErrorOf(span, attributes) is { } error)
            body["error"] = error;
        if (kind == "prompt")
            ModelSpans.FillCall(span, attributes, body);
        foreach (var (name, value) in log.ToList())
        {
            if (name != "id" && value is not null)
                body[name] = Typed(name, value);
        }

        body["path"] = path;
        Typed(kernel);
        if (kind == "prompt")
        {
            foreach (var (name, value) in ModelSpans.Prompt(attributes))
                kernel.TryAdd(name, value?.DeepClone());
        }

        if (kernel.Count > 0)
            body[kind] = kernel;
        body["metadata"] ??= SpanLogs.Metadata(span, attributes);
        return new(kind switch { "tool" => MessageKind.ToolLogged, "prompt" => MessageKind.PromptLogged, _ => MessageKind.FlowLogged }, logId, body);
    }

    /// <summary>Everything comes as text; what is to be a number is one again.</summary>
    private static JsonNode Typed(string name, JsonNode value) =>
        Numbers.Contains(name) && double.TryParse(
            SpanAttributes.TextOf(value), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : value.DeepClone();

    /// <summary>A flag, and the list of required parameters, which one client joins with commas.</summary>
    private static void Typed(JsonObject kernel)
    {
        if (kernel["function"] is not JsonObject function)
            return;
        if (function["strict"] is { } strict && bool.TryParse(SpanAttributes.TextOf(strict), out var isStrict))
            function["strict"] = isStrict;
        if (function["parameters"] is JsonObject parameters && parameters["required"] is JsonValue required)
            parameters["required"] = new JsonArray([.. SpanAttributes.TextOf(required).Split(',').Select(name => (JsonNode)name)]);
    }
}
