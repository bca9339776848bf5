using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>
/// A call of a model, by the conventions of OpenTelemetry, old and new, of OpenLLMetry, of OpenInference, and of the
/// Vercel AI SDK.
/// </summary>
internal static class ModelSpans
{
    public static void Fill(OtlpSpan span, SpanAttributes attributes, JsonObject body)
    {
        body["path"] = attributes.Text("ai.telemetry.metadata.humanloopPromptPath")
            ?? SpanLogs.Path(span, attributes.Text("ai.telemetry.functionId", "gen_ai.agent.name"));
        body["prompt"] = Prompt(attributes);
        FillCall(span, attributes, body);
    }

    /// <summary>What was said, and what it took.</summary>
    public static void FillCall(OtlpSpan span, SpanAttributes attributes, JsonObject body)
    {
        if (ChatMessages.Input(span, attributes) is { Count: > 0 } messages)
            body["messages"] = messages;
        else
            FlowSpans.FillInputs(body, attributes.Json("input.value", "ai.prompt", "gen_ai.prompt"));
        if (ChatMessages.Output(span, attributes) is { } answer)
            body["output_message"] = answer;
        var output = body["output_message"]?["content"] is { } content ? SpanAttributes.TextOf(content) : null;
        if ((output ?? attributes.Text("output.value", "gen_ai.completion", "ai.response.object")) is { } said)
            body["output"] = said;
        Set(body, "prompt_tokens", attributes.Number(
            "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "ai.usage.inputTokens", "ai.usage.promptTokens", "llm.token_count.prompt", "llm.usage.prompt_tokens"));
        Set(body, "output_tokens", attributes.Number(
            "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "ai.usage.outputTokens", "ai.usage.completionTokens", "llm.token_count.completion", "llm.usage.completion_tokens"));
        Set(body, "reasoning_tokens", attributes.Number(
            "gen_ai.usage.reasoning_tokens", "gen_ai.usage.output_tokens.reasoning", "gen_ai.usage.reasoning.output_tokens", "ai.usage.reasoningTokens", "llm.token_count.completion_details.reasoning"));
        Set(body, "prompt_cost", attributes.Number("llm.cost.prompt", "gen_ai.usage.input_cost"));
        Set(body, "output_cost", attributes.Number("llm.cost.completion", "gen_ai.usage.output_cost"));
        Set(body, "finish_reason", FinishReason(attributes));
        body["provider_latency"] = Math.Max(0, span.End - span.Start) / 1e6;
    }

    /// <summary>The settings of a call are its Version.</summary>
    public static JsonObject Prompt(SpanAttributes attributes)
    {
        var prompt = new JsonObject();
        Set(prompt, "model", attributes.Text("gen_ai.request.model", "llm.model_name", "ai.model.id", "llm.request.model", "gen_ai.response.model"));
        Set(prompt, "provider", attributes.Text("gen_ai.provider.name", "gen_ai.system", "llm.provider", "ai.model.provider", "llm.system"));
        Set(prompt, "temperature", attributes.Number("gen_ai.request.temperature", "ai.settings.temperature"));
        Set(prompt, "top_p", attributes.Number("gen_ai.request.top_p", "ai.settings.topP"));
        Set(prompt, "max_tokens", attributes.Number("gen_ai.request.max_tokens", "ai.settings.maxTokens", "ai.settings.maxOutputTokens"));
        Set(prompt, "presence_penalty", attributes.Number("gen_ai.request.presence_penalty", "ai.settings.presencePenalty"));
        Set(prompt, "frequency_penalty", attributes.Number("gen_ai.request.frequency_penalty", "ai.settings.frequencyPenalty"));
        Set(prompt, "seed", attributes.Number("gen_ai.request.seed", "ai.settings.seed"));
        Set(prompt, "stop", attributes.Json("gen_ai.request.stop_sequences", "ai.settings.stopSequences"));
        Set(prompt, "tools", attributes.Json("gen_ai.tool.definitions"));
        return prompt;
    }

    private static JsonNode? FinishReason(SpanAttributes attributes) =>
        attributes.Json("gen_ai.response.finish_reasons", "ai.response.finishReason", "gen_ai.completion.0.finish_reason", "llm.finish_reason") switch
        {
            JsonArray all => all.FirstOrDefault()?.DeepClone(),
            var reason => reason,
        };

    private static void Set(JsonObject body, string name, JsonNode? value)
    {
        if (value is not null)
            body[name] = value;
    }
}
