using System.Text.Json.Nodes;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// Makes messages of spans. Ids come from those of trace and span, and the time of the message is the span's end, so a
/// batch that is sent again changes nothing.
/// </summary>
internal static class SpanLogs
{
    public static SpanLog Of(OtlpSpan span)
    {
        var attributes = new SpanAttributes(span.Attributes);
        if (HumanloopSpans.Of(span, attributes) is { } decorated)
            return decorated;
        return SpanKinds.Of(span, attributes) switch
        {
            SpanKind.Model => Made(span, attributes, MessageKind.PromptLogged, ModelSpans.Fill),
            SpanKind.Tool => Made(span, attributes, MessageKind.ToolLogged, ToolSpans.Fill),
            SpanKind.Flow => Made(span, attributes, MessageKind.FlowLogged, FlowSpans.FillFlow),
            _ => Made(span, attributes, MessageKind.ToolLogged, FlowSpans.FillStep),
        };
    }

    /// <summary>What every Log has of its span.</summary>
    public static JsonObject Common(OtlpSpan span, string logId) => new()
    {
        ["log_id"] = logId,
        ["sent_at"] = Timestamps.Format(span.End),
        ["created_at"] = Timestamps.Format(span.Start),
        ["start_time"] = Timestamps.Format(span.Start),
        ["end_time"] = Timestamps.Format(span.End),
    };

    public static string IdOf(OtlpSpan span) => DerivedIds.LogOfSpan(span.TraceId, span.SpanId);

    /// <summary>What is neither a field nor said by any is kept under its own name.</summary>
    public static JsonObject Metadata(OtlpSpan span, SpanAttributes attributes)
    {
        var metadata = new JsonObject();
        foreach (var (name, value) in attributes.Left)
            metadata[name] = value?.DeepClone();
        metadata["otel.trace_id"] = span.TraceId;
        metadata["otel.span_id"] = span.SpanId;
        metadata["otel.span_name"] = span.Name;
        foreach (var (name, value) in span.Resource)
        {
            if (!name.StartsWith("telemetry.", StringComparison.Ordinal) && !name.StartsWith("process.", StringComparison.Ordinal))
                metadata.TryAdd(name, value?.DeepClone());
        }

        return metadata;
    }

    /// <summary>A path for what has none of its own: the service, and a name.</summary>
    public static string Path(OtlpSpan span, string? name)
    {
        var service = span.Resource.GetValueOrDefault("service.name") is { } said ? SpanAttributes.TextOf(said) : "";
        var last = string.IsNullOrWhiteSpace(name) ? span.Name.Length > 0 ? span.Name : "span" : name;
        return service.Length == 0 || service.StartsWith("unknown_service", StringComparison.Ordinal)
            ? last
            : $"{service}/{last}";
    }

    /// <summary>Why it failed; null where it did not.</summary>
    public static string? ErrorOf(OtlpSpan span, SpanAttributes attributes)
    {
        var thrown = span.Events.FirstOrDefault(each => each.Name == "exception")?.Attributes;
        var said = span.StatusMessage ?? TextOf(thrown, "exception.message") ?? TextOf(thrown, "exception.type");
        return span.Failed ? said ?? attributes.Text("error.type") ?? "The span failed, and does not say why." : null;
    }

    private static SpanLog Made(
        OtlpSpan span, SpanAttributes attributes, MessageKind kind, Action<OtlpSpan, SpanAttributes, JsonObject> fill)
    {
        var logId = IdOf(span);
        var body = Common(span, logId);
        if (span.ParentSpanId is { } parent)
            body["trace_parent_id"] = DerivedIds.LogOfSpan(span.TraceId, parent);
        else if (attributes.Text("ai.telemetry.metadata.humanloopTraceId") is { } flow)
            body["trace_parent_id"] = flow;
        if (ErrorOf(span, attributes) is { } error)
            body["error"] = error;
        if (attributes.Text("user.id", "enduser.id", "ai.telemetry.metadata.userId", "langfuse.user.id") is { } user)
            body["user"] = user;
        if (Environment(span) is { } environment)
            body["environment"] = environment;
        if (span.Scope is { Length: > 0 } scope)
            body["source"] = scope;
        fill(span, attributes, body);
        body["metadata"] = Metadata(span, attributes);
        return new(kind, logId, body);
    }

    private static string? Environment(OtlpSpan span) =>
        TextOf(span.Resource, "deployment.environment.name") ?? TextOf(span.Resource, "deployment.environment");

    private static string? TextOf(IReadOnlyDictionary<string, JsonNode?>? attributes, string name) =>
        attributes?.GetValueOrDefault(name) is { } value && SpanAttributes.TextOf(value) is { Length: > 0 } text ? text : null;
}
