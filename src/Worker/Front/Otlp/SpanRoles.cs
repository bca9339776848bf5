namespace Worker.Front.Otlp;

/// <summary>
/// Tells what a span is. What says it outright comes first, then the conventions from the more particular to the more
/// general, and last what only a call of a model or tool would carry.
/// </summary>
internal static class SpanRoles
{
    private static readonly string[] OfATool = ["gen_ai.tool.name", "tool.name"];
    private static readonly string[] OfAModel = ["gen_ai.request.model", "llm.request.type", "llm.model_name"];

    public static SpanRole Of(Span span)
    {
        var attributes = span.Attributes;
        var role = OfHumanloop(attributes.PeekText(Names.FileType))
            ?? OfOpenInference(attributes.PeekText("openinference.span.kind"))
            ?? OfVercel(attributes.PeekText("ai.operationId"))
            ?? OfConventions(attributes.PeekText("gen_ai.operation.name"))
            ?? OfTraceloop(attributes.PeekText("traceloop.span.kind"))
            ?? OfWhatItCarries(attributes);
        return role == SpanRole.Step && span.IsEntry ? SpanRole.Flow : role;
    }

    private static SpanRole? OfHumanloop(string? type) => type switch
    {
        "prompt" => SpanRole.Model,
        "tool" => SpanRole.Tool,
        "flow" or "agent" => SpanRole.Flow,
        _ => null,
    };

    private static SpanRole? OfOpenInference(string? kind) => kind?.ToUpperInvariant() switch
    {
        "LLM" or "EMBEDDING" => SpanRole.Model,
        "TOOL" or "RETRIEVER" or "RERANKER" => SpanRole.Tool,
        "AGENT" => SpanRole.Flow,
        "CHAIN" or "GUARDRAIL" or "EVALUATOR" => SpanRole.Step,
        _ => null,
    };

    /// <summary>
    /// The AI SDK has a span for what the program called, and under it one for each call of the model.
    /// </summary>
    private static SpanRole? OfVercel(string? operation) => operation switch
    {
        null => null,
        "ai.toolCall" => SpanRole.Tool,
        "ai.generateText" or "ai.streamText" or "ai.generateObject" or "ai.streamObject" => SpanRole.Flow,
        _ when operation.Contains(".do", StringComparison.Ordinal) => SpanRole.Model,
        _ => SpanRole.Step,
    };

    private static SpanRole? OfConventions(string? operation) => operation switch
    {
        "chat" or "text_completion" or "generate_content" or "embeddings" => SpanRole.Model,
        "execute_tool" or "retrieval" => SpanRole.Tool,
        "invoke_agent" or "invoke_workflow" => SpanRole.Flow,
        null => null,
        _ => SpanRole.Step,
    };

    private static SpanRole? OfTraceloop(string? kind) => kind switch
    {
        "workflow" or "agent" => SpanRole.Flow,
        "tool" => SpanRole.Tool,
        "task" => SpanRole.Step,
        _ => null,
    };

    private static SpanRole OfWhatItCarries(SpanAttributes attributes) =>
        OfATool.Any(attributes.Has) ? SpanRole.Tool : OfAModel.Any(attributes.Has) ? SpanRole.Model : SpanRole.Step;
}
