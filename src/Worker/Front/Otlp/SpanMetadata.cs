using System.Text.Json.Nodes;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// What no field of a Log has a place for: every attribute that nobody took, under its own name, and under <c>otel</c>
/// what a span is beside its attributes.
/// </summary>
internal static class SpanMetadata
{
    public static void Fill(JsonObject metadata, Span span, SpanRole role)
    {
        FillLeft(metadata, span);
        metadata["otel"] = OfSpan(span, role);
    }

    /// <summary>
    /// What is left beside a Log that the service's own clients describe: their spans mean nothing else.
    /// </summary>
    public static void FillLeft(JsonObject metadata, Span span)
    {
        foreach (var (name, value) in span.Attributes.Left)
            metadata.TryAdd(name, JsonNodes.Leaf(value));
    }

    private static JsonObject OfSpan(Span span, SpanRole role)
    {
        var otel = new JsonObject { ["trace_id"] = span.TraceId, ["span_id"] = span.SpanId, ["name"] = span.Name };
        if (span.ParentSpanId is { } parent)
            otel["parent_span_id"] = parent;
        if (span.Kind != SpanKind.Unspecified)
            otel["kind"] = span.Kind.ToString().ToLowerInvariant();
        if (span.Origin.Scope.Length > 0)
            otel["scope"] = span.Origin.Scope;
        // Of a program it is told once, where its part of a trace begins: it may be larger than all else.
        if (role == SpanRole.Flow && Attributes(span.Origin.Resource) is { Count: > 0 } resource)
            otel["resource"] = resource;
        if (Events(span) is { Count: > 0 } events)
            otel["events"] = events;
        if (span.Links.Count > 0)
            otel["links"] = new JsonArray([.. span.Links.Select(Told)]);
        return otel;
    }

    private static JsonObject Told(SpanLink link) =>
        new() { ["trace_id"] = link.TraceId, ["span_id"] = link.SpanId };

    /// <summary>Messages that found their place are not told again.</summary>
    private static JsonArray Events(Span span)
    {
        var events = new JsonArray();
        foreach (var happened in span.Events)
        {
            var left = Attributes(happened.Attributes.Left);
            if (left.Count == 0 && happened.Name.StartsWith("gen_ai.", StringComparison.Ordinal))
                continue;
            var told = new JsonObject { ["name"] = happened.Name };
            if (SpanTimes.Micros(happened.UnixNano) is { } at)
                told["time"] = Timestamps.Format(at);
            if (left.Count > 0)
                told["attributes"] = left;
            events.Add((JsonNode)told);
        }

        return events;
    }

    private static JsonObject Attributes(IEnumerable<KeyValuePair<string, Traces.JsonValue>> attributes)
    {
        var map = new JsonObject();
        foreach (var (name, value) in attributes)
            map[name] = JsonNodes.Leaf(value);
        return map;
    }
}
