using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>
/// What heads a trace, or a part of one, as the conventions describe it. A span is exported when it has ended, so its
/// Flow Log is complete.
/// </summary>
internal static class FlowFields
{
    public static void Fill(LogBody body, Span span)
    {
        ToolFields.Exchange(body, span.Attributes);
        var asked = PromptMessages.In(span);
        body.Set("messages", asked);
        if (!body.Has("inputs") && asked.Count > 0)
            body.Set("inputs", new JsonObject { ["input"] = ChatMessages.Text((JsonObject)asked[^1]!) });
        var answers = PromptMessages.Out(span);
        if (answers is [.., JsonObject answer])
        {
            answer.Remove("finish_reason");
            body.Set("output_message", (JsonNode)answer.DeepClone());
            if (!body.Has("output"))
                body.Set("output", ChatMessages.Text(answer));
        }

        body.Set("log_status", "complete");
    }
}
