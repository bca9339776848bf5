using System.Text.Json.Nodes;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Front.Otlp;

/// <summary>
/// A call of a model, as the conventions describe it: the Prompt's Version, what went in, out, and was used.
/// </summary>
internal static class PromptFields
{
    /// <summary>The Version's details by the conventions' names, old and new.</summary>
    private static readonly (string Detail, string[] Attributes)[] Details =
    [
        ("model",
            ["gen_ai.request.model", "ai.model.id", "llm.model_name", "llm.request.model", "embedding.model_name"]),
        ("provider", ["gen_ai.provider.name", "gen_ai.system", "ai.model.provider", "llm.provider", "llm.system"]),
        ("temperature", ["gen_ai.request.temperature", "ai.settings.temperature", "llm.temperature"]),
        ("top_p", ["gen_ai.request.top_p", "ai.settings.topP", "llm.top_p"]),
        ("max_tokens",
        [
            "gen_ai.request.max_tokens",
            "ai.settings.maxOutputTokens",
            "ai.settings.maxTokens",
            "llm.request.max_tokens",
        ]),
        ("presence_penalty",
            ["gen_ai.request.presence_penalty", "ai.settings.presencePenalty", "llm.presence_penalty"]),
        ("frequency_penalty",
            ["gen_ai.request.frequency_penalty", "ai.settings.frequencyPenalty", "llm.frequency_penalty"]),
        ("seed", ["gen_ai.request.seed", "gen_ai.openai.request.seed", "ai.settings.seed"]),
        ("stop", ["gen_ai.request.stop_sequences", "ai.settings.stopSequences", "llm.chat.stop_sequences"]),
        ("reasoning_effort", ["gen_ai.request.reasoning_effort"]),
    ];

    private static readonly string[] Invocation =
    [
        "temperature", "top_p", "max_tokens", "presence_penalty", "frequency_penalty", "seed", "stop",
        "response_format", "reasoning_effort",
    ];

    private static readonly (string Field, string[] Attributes)[] Numbers =
    [
        ("prompt_tokens",
        [
            "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "ai.usage.inputTokens", "ai.usage.promptTokens",
            "ai.usage.tokens", "llm.token_count.prompt", "llm.usage.prompt_tokens",
        ]),
        ("output_tokens",
        [
            "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "ai.usage.outputTokens",
            "ai.usage.completionTokens", "llm.token_count.completion", "llm.usage.completion_tokens",
        ]),
        ("reasoning_tokens",
        [
            "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens", "ai.usage.reasoningTokens",
            "llm.token_count.completion_details.reasoning", "llm.usage.reasoning_tokens",
        ]),
        ("prompt_cost", ["gen_ai.usage.input_cost", "gen_ai.usage.prompt_cost", "llm.cost.prompt"]),
        ("output_cost", ["gen_ai.usage.output_cost", "gen_ai.usage.completion_cost", "llm.cost.completion"]),
    ];

    private static readonly string[] FinishReasons =
    [
        "gen_ai.response.finish_reasons", "ai.response.finishReason", "gen_ai.response.finish_reason",
        "llm.finish_reason",
    ];

    /// <summary>The Version's details are returned: a span may say more of them elsewhere.</summary>
    public static JsonObject Fill(LogBody body, Span span, JsonObject metadata)
    {
        var attributes = span.Attributes;
        var details = DetailsOf(attributes);
        foreach (var (field, names) in Numbers)
            body.Set(field, attributes.TakeNumber(names));
        body.Set("messages", PromptMessages.In(span));
        var answers = PromptMessages.Out(span);
        if (answers.Count > 0 && answers[0] is JsonObject answer)
        {
            body.Set("finish_reason", JsonNodes.Text(answer["finish_reason"]));
            answer.Remove("finish_reason");
            body.Set("output", ChatMessages.Text(answer));
            body.Set("output_message", answer);
            answers.RemoveAt(0);
            if (answers.Count > 0)
                metadata["choices"] = answers;
        }

        body.Set("finish_reason", FinishReason(attributes));
        if (attributes.Take("ai.prompt.toolChoice", "gen_ai.request.tool_choice") is { } choice)
            body.Set("tool_choice", JsonNodes.Of(choice));
        body.Set("provider_request", ObjectOf(attributes, "input.value"));
        body.Set("provider_response", ObjectOf(attributes, "output.value"));
        return details;
    }

    private static JsonObject DetailsOf(SpanAttributes attributes)
    {
        var details = new JsonObject();
        foreach (var (detail, names) in Details)
        {
            if (attributes.Take(names) is { } value)
                details[detail] = JsonNodes.Leaf(IsName(detail) ? value : SpanAttributes.Number(value) ?? value);
        }

        if (attributes.Take("gen_ai.request.top_k", "ai.settings.topK") is { } topK)
            details["other"] = new JsonObject { ["top_k"] = JsonNodes.Leaf(topK) };
        if (attributes.Peek("llm.invocation_parameters") is { } given && JsonNodes.Of(given) is JsonObject parameters)
        {
            foreach (var name in Invocation.Where(name => !details.ContainsKey(name) && parameters[name] is not null))
                details[name] = parameters[name]!.DeepClone();
        }

        if (ToolsOf(attributes) is { Count: > 0 } tools)
            details["tools"] = tools;
        return details;
    }

    /// <summary>Not to be taken for a number, whatever it looks like.</summary>
    private static bool IsName(string detail) => detail is "model" or "provider" or "reasoning_effort";

    private static JsonArray ToolsOf(SpanAttributes attributes)
    {
        var given = attributes.Take("gen_ai.tool.definitions", "ai.prompt.tools") is { } value
            ? JsonNodes.Of(value) as JsonArray ?? []
            : Unflattened.List(
                [.. attributes.TakeUnder("llm.tools."), .. attributes.TakeUnder("llm.request.functions.")]);
        var tools = new JsonArray();
        foreach (var item in given)
        {
            // Some spell each tool as a text of its own.
            var tool = JsonNodes.Text(item) is { } text ? JsonNodes.Of(JsonValue.FromText(text)) : item?.DeepClone();
            tools.Add((tool as JsonObject)?["tool.json_schema"]?.DeepClone() ?? Schema(tool) ?? tool);
        }

        return tools;
    }

    private static JsonNode? Schema(JsonNode? tool) =>
        ((tool as JsonObject)?["tool"] as JsonObject)?["json_schema"] is { } schema
            ? JsonNodes.Of(JsonNodes.ToValue(schema))
            : null;

    private static string? FinishReason(SpanAttributes attributes)
    {
        if (attributes.Take(FinishReasons) is not { } value)
            return null;
        return JsonNodes.Of(value) is JsonArray reasons ? JsonNodes.Text(reasons.FirstOrDefault()) : value.AsText();
    }

    /// <summary>The raw exchange, where an instrumentation has it; what is no object is left where it is.</summary>
    private static JsonObject? ObjectOf(SpanAttributes attributes, string name) =>
        attributes.Peek(name) is { } value && JsonNodes.Of(value) is JsonObject map && attributes.Take(name) is not null
            ? map
            : null;
}
