using System.Text;
using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>The messages of a conversation, from wherever a convention puts them, as <c>role</c> and <c>content</c>.</summary>
internal static class ChatMessages
{
    /// <summary>What the model was given.</summary>
    public static JsonArray? Input(OtlpSpan span, SpanAttributes attributes)
    {
        var messages = List(attributes.Json("gen_ai.input.messages", "ai.prompt.messages"))
            ?? List(attributes.Tree("llm.input_messages."))
            ?? List(attributes.Tree("gen_ai.prompt."))
            ?? FromEvents(span, "gen_ai.system.message", "gen_ai.user.message", "gen_ai.assistant.message", "gen_ai.tool.message");
        var system = attributes.Json("gen_ai.system_instructions");
        if (system is null)
            return messages;
        messages ??= [];
        messages.Insert(0, new JsonObject { ["role"] = "system", ["content"] = Content(system) });
        return messages;
    }

    /// <summary>What it answered; of several answers the first.</summary>
    public static JsonObject? Output(OtlpSpan span, SpanAttributes attributes)
    {
        var answers = List(attributes.Json("gen_ai.output.messages"))
            ?? List(attributes.Tree("llm.output_messages."))
            ?? List(attributes.Tree("gen_ai.completion."))
            ?? FromEvents(span, "gen_ai.choice");
        if (answers is [JsonObject first, ..])
            return (JsonObject)first.DeepClone();
        var (text, calls) = (attributes.Text("ai.response.text"), attributes.Json("ai.response.toolCalls"));
        if (text is null && calls is not JsonArray { Count: > 0 })
            return null;
        var answer = new JsonObject { ["role"] = "assistant", ["content"] = text };
        AddCalls(answer, calls);
        return answer;
    }

    private static JsonArray? List(JsonNode? node)
    {
        if (node is not JsonArray { Count: > 0 } given)
            return null;
        var messages = new JsonArray();
        foreach (var each in given)
        {
            if (Message(each) is { } message)
                messages.Add(message);
        }

        return messages;
    }

    private static JsonObject? Message(JsonNode? given)
    {
        if (given is not JsonObject said)
            return null;

        // OpenInference puts each into one more object.
        var inner = said["message"] as JsonObject ?? said;
        var message = new JsonObject
        {
            ["role"] = inner["role"]?.DeepClone() ?? "assistant",
            ["content"] = Content(inner["parts"] ?? inner["content"] ?? inner["contents"]),
        };
        if (inner["name"] is { } name)
            message["name"] = name.DeepClone();
        if ((inner["tool_call_id"] ?? inner["id"]) is { } id)
            message["tool_call_id"] = id.DeepClone();
        AddCalls(message, inner["tool_calls"] ?? inner["toolCalls"] ?? inner["parts"] ?? inner["content"]);
        return message;
    }

    /// <summary>Text, or the texts of the parts; a list with anything else in it stays a list.</summary>
    private static JsonNode? Content(JsonNode? content)
    {
        content = SpanAttributes.Parsed(content);
        if (content is not JsonArray parts)
            return content;
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            var said = part is JsonObject each ? each["text"] ?? each["content"] ?? each["message_content"]?["text"] : part;
            if (said is JsonValue scalar && scalar.TryGetValue(out string? words))
                text.Append(text.Length > 0 ? "\n" : "").Append(words);
            else if (part is JsonObject other && !IsCall(other) && !IsAnswer(other))
                return parts.DeepClone();
        }

        return text.Length > 0 || parts.Any(part => part is JsonObject answer && IsAnswer(answer))
            ? text.Length > 0 ? JsonValue.Create(text.ToString()) : parts.DeepClone()
            : null;
    }

    private static bool IsCall(JsonObject part) => TypeOf(part) is "tool_call" or "tool-call";

    private static bool IsAnswer(JsonObject part) => TypeOf(part) is "tool_call_response" or "tool-result";

    private static string? TypeOf(JsonObject part) => part["type"] is JsonValue type && type.TryGetValue(out string? text) ? text : null;

    private static void AddCalls(JsonObject message, JsonNode? given)
    {
        if (SpanAttributes.Parsed(given) is not JsonArray all)
            return;
        var calls = new JsonArray();
        foreach (var each in all.OfType<JsonObject>())
        {
            var call = each["tool_call"] as JsonObject ?? each;
            var function = call["function"] as JsonObject ?? call;
            var isCall = TypeOf(call) is null or "function" or "tool_call" or "tool-call";
            if (!isCall || (function["name"] ?? call["toolName"]) is not { } name)
                continue;
            var arguments = function["arguments"] ?? call["args"] ?? call["input"];
            calls.Add(new JsonObject
            {
                ["id"] = (call["id"] ?? call["toolCallId"])?.DeepClone(),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = name.DeepClone(), ["arguments"] = arguments is null ? "" : SpanAttributes.TextOf(arguments) },
            });
        }

        if (calls.Count > 0)
            message["tool_calls"] = calls;
    }

    /// <summary>As the conventions had it before messages were attributes.</summary>
    private static JsonArray? FromEvents(OtlpSpan span, params ReadOnlySpan<string> names)
    {
        var messages = new JsonArray();
        foreach (var each in span.Events)
        {
            if (!names.Contains(each.Name))
                continue;
            var said = new JsonObject();
            foreach (var (name, value) in each.Attributes)
                said[name] = SpanAttributes.Parsed(value);
            said.TryAdd("role", each.Name.Split('.') is ["gen_ai", "choice"] ? "assistant" : each.Name.Split('.')[1]);
            if (Message(said) is { } message)
                messages.Add(message);
        }

        return messages.Count > 0 ? messages : null;
    }
}
