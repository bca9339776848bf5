using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>
/// Messages as a Prompt Log holds them: <c>role</c>, <c>content</c>, <c>tool_calls</c>, <c>tool_call_id</c>. Whatever
/// else a message has stays in it.
/// </summary>
internal static class ChatMessages
{
    /// <summary>A list of messages, one message, or a text that somebody of that role said.</summary>
    public static JsonArray List(JsonNode? node, string role)
    {
        var list = new JsonArray();
        var items = node switch
        {
            null => [],
            JsonArray array => array.ToList(),
            JsonObject map when map["messages"] is JsonArray array => array.ToList(),
            _ => [node],
        };
        foreach (var item in items)
        {
            foreach (var message in Of(item, role))
                list.Add((JsonNode?)message);
        }

        return list;
    }

    /// <summary>A message whose parts are answers of tools is as many messages.</summary>
    private static IEnumerable<JsonObject> Of(JsonNode? node, string role)
    {
        if (node is not JsonObject given)
            return node is null ? [] : [new JsonObject { ["role"] = role, ["content"] = JsonNodes.Spelt(node) }];
        // OpenInference wraps each of them.
        var source = given["message"] as JsonObject ?? given;
        var message = new JsonObject { ["role"] = JsonNodes.Text(source["role"]) ?? role };
        var parts = new ChatParts();
        parts.AddAll(source["parts"] ?? source["contents"]);
        foreach (var (name, value) in source)
        {
            switch (name)
            {
                case "role" or "parts" or "contents": break;
                case "content": parts.AddAll(value); break;
                case "tool_calls": parts.AddCalls(value); break;
                default: message[name] = value?.DeepClone(); break;
            }
        }

        return parts.Into(message);
    }

    /// <summary>What the message says as text: nothing where it only calls tools.</summary>
    public static string Text(JsonObject message) => message["content"] switch
    {
        null => "",
        JsonArray parts => string.Concat(parts.Select(part => JsonNodes.Text((part as JsonObject)?["text"]))),
        var content => JsonNodes.Spelt(content)!,
    };
}
