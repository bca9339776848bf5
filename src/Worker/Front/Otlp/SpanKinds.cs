namespace Worker.Front.Otlp;

/// <summary>Tells the kinds of spans apart, by the conventions that name what was called.</summary>
internal static class SpanKinds
{
    public static SpanKind Of(OtlpSpan span, SpanAttributes attributes)
    {
        if (Named(attributes) is { } named)
            return named;
        return span.ParentSpanId is null || span.IsParentRemote ? SpanKind.Flow : SpanKind.Step;
    }

    private static SpanKind? Named(SpanAttributes attributes) =>
        (attributes.Peek("gen_ai.operation.name") ?? "") switch
        {
            "chat" or "text_completion" or "generate_content" or "embeddings" or "completion" => SpanKind.Model,
            "execute_tool" => SpanKind.Tool,
            "invoke_agent" or "create_agent" or "invoke_workflow" => SpanKind.Flow,
            _ => OfOpenInference(attributes) ?? OfVercel(attributes) ?? OfOpenLlmetry(attributes) ?? OfNames(attributes),
        };

    private static SpanKind? OfOpenInference(SpanAttributes attributes) =>
        attributes.Peek("openinference.span.kind")?.ToUpperInvariant() switch
        {
            "LLM" or "EMBEDDING" => SpanKind.Model,
            "TOOL" => SpanKind.Tool,
            "AGENT" => SpanKind.Flow,
            _ => null,
        };

    /// <summary>The call as the program made it holds those of the model and of tools.</summary>
    private static SpanKind? OfVercel(SpanAttributes attributes) =>
        attributes.Peek("ai.operationId") switch
        {
            null => null,
            "ai.toolCall" => SpanKind.Tool,
            var operation when operation.Contains(".do", StringComparison.Ordinal) => SpanKind.Model,
            _ => SpanKind.Flow,
        };

    private static SpanKind? OfOpenLlmetry(SpanAttributes attributes) =>
        attributes.Peek("traceloop.span.kind")?.ToLowerInvariant() switch
        {
            "tool" => SpanKind.Tool,
            "workflow" or "agent" => SpanKind.Flow,
            _ => attributes.Has("llm.request.type") ? SpanKind.Model : null,
        };

    private static SpanKind? OfNames(SpanAttributes attributes) =>
        attributes.Has("gen_ai.tool.name") ? SpanKind.Tool
        : attributes.Has("gen_ai.request.model") || attributes.Has("gen_ai.response.model") ? SpanKind.Model
        : null;
}
