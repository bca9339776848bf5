using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>A call of a tool.</summary>
internal static class ToolSpans
{
    public static void Fill(OtlpSpan span, SpanAttributes attributes, JsonObject body)
    {
        var name = attributes.Text("gen_ai.tool.name", "ai.toolCall.name", "tool.name", "traceloop.entity.name");
        var description = attributes.Text("gen_ai.tool.description", "tool.description");
        body["path"] = SpanLogs.Path(span, name);
        if (name is not null)
            body["tool"] = new JsonObject { ["function"] = new JsonObject { ["name"] = name, ["description"] = description ?? "" } };
        FlowSpans.FillInputs(body, attributes.Json(
            "gen_ai.tool.call.arguments", "ai.toolCall.args", "ai.toolCall.input", "tool.parameters", "input.value", "traceloop.entity.input"));
        var output = attributes.Text("gen_ai.tool.call.result", "ai.toolCall.result", "ai.toolCall.output", "output.value", "traceloop.entity.output");
        if (output is not null)
            body["output"] = output;
    }
}
