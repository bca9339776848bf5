using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>
/// What a model was asked and what it answered, wherever a convention puts it: in one attribute, in many that are
/// numbered, or in events.
/// </summary>
internal static class PromptMessages
{
    private const string User = "user";
    private const string Assistant = "assistant";

    /// <summary>The attributes of an event, and what they are in a message.</summary>
    private static readonly (string Attribute, string Name)[] OfAnEvent =
    [
        ("role", "role"), ("content", "content"), ("id", "tool_call_id"), ("tool_calls", "tool_calls"),
        ("finish_reason", "finish_reason"),
    ];

    public static JsonArray In(Span span)
    {
        var attributes = span.Attributes;
        var messages = First(
            () => Of(attributes, User, "gen_ai.input.messages", "ai.prompt.messages"),
            () => Of(span, "gen_ai.client.inference.operation.details", "gen_ai.input.messages", User),
            () => Numbered(attributes, User, "gen_ai.prompt.", "llm.input_messages.", "llm.prompts."),
            () => Events(span, isAnswer: false),
            () => VercelPrompt(attributes),
            () => Of(attributes, User, "gen_ai.prompt"),
            () => Of(span, "gen_ai.content.prompt", "gen_ai.prompt", User),
            () => Plain(attributes, "input.value", User),
            () => Of(attributes, User, "ai.values", "ai.value"));
        var system = Of(attributes, "system", "gen_ai.system_instructions");
        return system.Count == 0 ? messages : Joined(System(system), messages);
    }

    public static JsonArray Out(Span span)
    {
        var attributes = span.Attributes;
        return First(
            () => Of(attributes, Assistant, "gen_ai.output.messages"),
            () => Of(span, "gen_ai.client.inference.operation.details", "gen_ai.output.messages", Assistant),
            () => Vercel(attributes),
            () => Numbered(attributes, Assistant, "gen_ai.completion.", "llm.output_messages.", "llm.completions."),
            () => Events(span, isAnswer: true),
            () => Of(attributes, Assistant, "gen_ai.completion"),
            () => Of(span, "gen_ai.content.completion", "gen_ai.completion", Assistant),
            () => Plain(attributes, "output.value", Assistant));
    }

    private static JsonArray First(params ReadOnlySpan<Func<JsonArray>> places)
    {
        foreach (var place in places)
        {
            if (place() is { Count: > 0 } found)
                return found;
        }

        return [];
    }

    private static JsonArray Of(SpanAttributes attributes, string role, params string[] names) =>
        attributes.Take(names) is { } value ? ChatMessages.List(JsonNodes.Of(value), role) : [];

    /// <summary>An attribute of the events of that name.</summary>
    private static JsonArray Of(Span span, string name, string attribute, string role)
    {
        foreach (var happened in span.Events)
        {
            if (happened.Name == name && Of(happened.Attributes, role, attribute) is { Count: > 0 } found)
                return found;
        }

        return [];
    }

    private static JsonArray Numbered(SpanAttributes attributes, string role, params string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (ChatMessages.List(Unflattened.List(attributes.TakeUnder(prefix)), role) is { Count: > 0 } found)
                return found;
        }

        return [];
    }

    /// <summary>A text that is no raw exchange.</summary>
    private static JsonArray Plain(SpanAttributes attributes, string name, string role) =>
        attributes.Peek(name) is { } value && JsonNodes.Of(value) is not JsonObject ? Of(attributes, role, name) : [];

    /// <summary>What the program gave to the AI SDK: instructions, and a prompt or messages.</summary>
    private static JsonArray VercelPrompt(SpanAttributes attributes)
    {
        if (attributes.Take("ai.prompt") is not { } value)
            return [];
        if (JsonNodes.Of(value) is not JsonObject given)
            return ChatMessages.List(JsonNodes.Of(value), User);
        var messages = ChatMessages.List(given["messages"] ?? given["prompt"], User);
        return given["system"] is { } system ? Joined(ChatMessages.List(system, "system"), messages) : messages;
    }

    private static JsonArray Vercel(SpanAttributes attributes)
    {
        var text = attributes.TakeText("ai.response.text", "ai.response.object", "ai.result.text", "ai.result.object");
        var calls = attributes.Take("ai.response.toolCalls", "ai.result.toolCalls") is { } value
            ? JsonNodes.Of(value)
            : null;
        if (text is null && calls is not JsonArray { Count: > 0 })
            return [];
        return ChatMessages.List(
            new JsonObject { ["role"] = Assistant, ["content"] = text, ["tool_calls"] = calls?.DeepClone() },
            Assistant);
    }

    /// <summary>The older conventions have an event for every message.</summary>
    private static JsonArray Events(Span span, bool isAnswer)
    {
        var messages = new JsonArray();
        foreach (var happened in span.Events)
        {
            var role = happened.Name switch
            {
                "gen_ai.choice" => isAnswer ? Assistant : null,
                "gen_ai.system.message" or "gen_ai.user.message"
                    or "gen_ai.assistant.message" or "gen_ai.tool.message" =>
                    isAnswer ? null : happened.Name.Split('.')[1],
                _ => null,
            };
            if (role is null)
                continue;
            messages = Joined(messages, ChatMessages.List(Said(happened.Attributes), role));
        }

        return messages;
    }

    private static JsonObject Said(SpanAttributes attributes)
    {
        var said = new JsonObject();
        if (attributes.Take("gen_ai.event.content", "message") is { } content
            && JsonNodes.Of(content) is JsonObject map)
        {
            foreach (var (name, value) in (map["message"] as JsonObject ?? map).ToList())
                said[name] = value?.DeepClone();
        }

        foreach (var (attribute, name) in OfAnEvent)
        {
            if (attributes.Take(attribute) is { } value)
                said[name] = name == "tool_calls" ? JsonNodes.Of(value) : JsonNodes.Leaf(value);
        }

        return said;
    }

    /// <summary>Instructions are parts without a role of their own.</summary>
    private static JsonArray System(JsonArray system)
    {
        var parts = new JsonArray([.. system.Select(message => message!["content"]?.DeepClone())]);
        return ChatMessages.List(new JsonObject { ["role"] = "system", ["content"] = parts }, "system");
    }

    private static JsonArray Joined(JsonArray first, JsonArray second)
    {
        foreach (var message in second)
            first.Add(message?.DeepClone());
        return first;
    }
}
