using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>What holds other spans: the head of a trace or an agent's run, and any step between.</summary>
internal static class FlowSpans
{
    /// <summary>
    /// It has ended, so it is complete. What failed has its error; what says nothing of its output has an empty one,
    /// without which no Log is complete.
    /// </summary>
    public static void FillFlow(OtlpSpan span, SpanAttributes attributes, JsonObject body)
    {
        body["path"] = attributes.Text("ai.telemetry.metadata.humanloopFlowPath")
            ?? SpanLogs.Path(span, attributes.Text("gen_ai.agent.name", "traceloop.entity.name", "resource.name"));
        body["trace_status"] = "complete";
        Fill(attributes, body);
        if (ChatMessages.Input(span, attributes) is { Count: > 0 } messages)
            body["messages"] = messages;
        if (ChatMessages.Output(span, attributes) is { } answer)
            body["output_message"] = answer;
        if (body["output"] is null && body["output_message"]?["content"] is { } content)
            body["output"] = SpanAttributes.TextOf(content);
        if (body["output"] is null && body["output_message"] is null && body["error"] is null)
            body["output"] = "";
    }

    public static void FillStep(OtlpSpan span, SpanAttributes attributes, JsonObject body)
    {
        body["path"] = SpanLogs.Path(span, attributes.Text("traceloop.entity.name"));
        Fill(attributes, body);
    }

    /// <summary>A Log's inputs are an object; anything else stands in one.</summary>
    public static void FillInputs(JsonObject body, JsonNode? inputs)
    {
        if (inputs is not null)
            body["inputs"] = inputs as JsonObject ?? new JsonObject { ["input"] = inputs };
    }

    private static void Fill(SpanAttributes attributes, JsonObject body)
    {
        FillInputs(body, attributes.Json("input.value", "traceloop.entity.input", "ai.prompt"));
        if (attributes.Text("output.value", "traceloop.entity.output", "ai.response.text", "ai.response.object") is { } output)
            body["output"] = output;
    }
}
