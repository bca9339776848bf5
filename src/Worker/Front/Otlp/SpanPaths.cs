using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// Which File a span belongs to: the one that its program names, else <c>service/name</c>, by the name that stays the
/// same from call to call.
/// </summary>
internal static class SpanPaths
{
    public static void Fill(LogBody body, Span span, SpanRole role)
    {
        var attributes = span.Attributes;
        var isOuter = role == SpanRole.Flow && attributes.Has("ai.operationId");
        body.Set("path", role switch
        {
            SpanRole.Model => attributes.TakeText(Names.Metadata + "humanloopPromptPath"),
            SpanRole.Flow => attributes.TakeText(Names.Metadata + "humanloopFlowPath"),
            _ => null,
        } ?? Default(span, role));
        if (isOuter && attributes.TakeText(Names.Metadata + "humanloopTraceId") is { } above)
            body.Set("trace_parent_id", above);
    }

    /// <summary>The service's name; null where it has none, or only the one that a library makes up.</summary>
    public static string? Service(SpanOrigin origin) =>
        origin.Text("service.name") is { } name && !name.StartsWith("unknown_service", StringComparison.Ordinal)
            ? name
            : null;

    private static string Default(Span span, SpanRole role)
    {
        var attributes = span.Attributes;
        var name = role switch
        {
            SpanRole.Tool => ToolFields.NameOf(attributes),
            SpanRole.Flow => attributes.PeekText("gen_ai.agent.name")
                ?? attributes.PeekText("traceloop.entity.name")
                ?? attributes.PeekText("ai.telemetry.functionId"),
            SpanRole.Model => attributes.PeekText("ai.telemetry.functionId"),
            _ => null,
        } ?? span.Name;
        return DerivedIds.NormalPath(Service(span.Origin) is { } service ? $"{service}/{name.Trim('/')}" : name);
    }
}
