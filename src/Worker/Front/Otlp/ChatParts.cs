using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>
/// The parts of one message, of whichever convention: texts, calls of tools, answers of tools, and what is kept as it
/// is.
/// </summary>
internal sealed class ChatParts
{
    private readonly JsonArray _content = [];
    private readonly JsonArray _calls = [];
    private readonly List<JsonObject> _answers = [];
    private bool _isPlain = true;

    /// <summary>A text, a list of parts, or a single one.</summary>
    public void AddAll(JsonNode? node)
    {
        switch (node)
        {
            case null: break;
            case JsonArray parts: AddParts(parts); break;
            case JsonValue when Spelt(node) is { } parts: AddParts(parts); break;
            default: Add(node); break;
        }
    }

    public void AddCalls(JsonNode? node)
    {
        foreach (var item in node as JsonArray ?? [])
        {
            if (item is JsonObject given)
                AddCall(given["tool_call"] as JsonObject ?? given);
        }
    }

    /// <summary>The message, and behind it those that answer for tools.</summary>
    public IEnumerable<JsonObject> Into(JsonObject message)
    {
        if (_content.Count > 0)
            message["content"] = _isPlain && _content.Count == 1 ? _content[0]!["text"]!.DeepClone() : _content;
        if (_calls.Count > 0)
            message["tool_calls"] = _calls;
        return _answers.Count == 0 ? [message]
            : _content.Count + _calls.Count == 0 ? _answers
            : _answers.Prepend(message);
    }

    private void AddParts(JsonArray parts)
    {
        foreach (var part in parts)
            Add(part);
    }

    /// <summary>Parts that an instrumentation wrote down as a text; null of any other text.</summary>
    private static JsonArray? Spelt(JsonNode node) =>
        JsonNodes.Text(node) is { } text && text.StartsWith("[{\"", StringComparison.Ordinal)
        && JsonNodes.Of(Traces.JsonValue.FromText(text)) is JsonArray parts
        && parts.All(part => part is JsonObject && part["type"] is not null)
            ? parts
            : null;

    private void Add(JsonNode? node)
    {
        if (node is not JsonObject given)
        {
            AddText(JsonNodes.Spelt(node));
            return;
        }

        var part = given["message_content"] as JsonObject ?? given;
        switch (JsonNodes.Text(part["type"]))
        {
            case "text": AddText(JsonNodes.Spelt(part["content"] ?? part["text"])); break;
            case "tool_call" or "tool-call" or "tool_use": AddCall(part); break;
            case "tool_call_response" or "tool-result" or "tool_result": AddAnswer(part); break;
            default:
                _content.Add(part.DeepClone());
                _isPlain = false;
                break;
        }
    }

    private void AddText(string? text)
    {
        if (text is not null)
            _content.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = text });
    }

    private void AddCall(JsonObject call)
    {
        var function = call["function"] as JsonObject ?? call;
        _calls.Add((JsonNode)new JsonObject
        {
            ["id"] = Copy(call["id"] ?? call["toolCallId"]),
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = Copy(function["name"] ?? function["toolName"]),
                ["arguments"] = JsonNodes.Spelt(function["arguments"] ?? function["input"] ?? function["args"]) ?? "{}",
            },
        });
    }

    private void AddAnswer(JsonObject answer) => _answers.Add(new()
    {
        ["role"] = "tool",
        ["tool_call_id"] = Copy(answer["id"] ?? answer["toolCallId"] ?? answer["tool_use_id"]),
        ["content"] = JsonNodes.Spelt(
            Unwrapped(answer["response"] ?? answer["result"] ?? answer["output"] ?? answer["content"])) ?? "",
    });

    /// <summary>The AI SDK says beside a value what type it is of.</summary>
    private static JsonNode? Unwrapped(JsonNode? value) =>
        value is JsonObject { Count: 2 } map && map.ContainsKey("type") && map["value"] is { } inner ? inner : value;

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();
}
