using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Evaluation.Models;

/// <summary>
/// A service's chat completion, made such as the client library reads: that one throws on every value it has not heard
/// of, and on much that services leave out.
/// </summary>
internal static class ReplyJson
{
    private const string Assistant = "assistant";
    private const string Stop = "stop";

    private static readonly string[] Endings = [Stop, "length", "tool_calls", "content_filter", "function_call"];

    /// <summary>Null where the text is no JSON object.</summary>
    public static JsonObject? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null where there is no choice with a message in it.</summary>
    public static string? Normal(JsonObject reply)
    {
        try
        {
            if (reply["choices"] is not JsonArray { Count: > 0 } choices
                || choices[0] is not JsonObject choice || choice["message"] is not JsonObject message)
                return null;
            return new JsonObject
            {
                ["id"] = Text(reply["id"]) ?? "",
                ["object"] = "chat.completion",
                ["created"] = 0,
                ["model"] = Text(reply["model"]) ?? "",
                ["choices"] = new JsonArray(Normal(choice, message)),
                ["usage"] = Usage(reply["usage"]),
            }.ToJsonString();
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or JsonException)
        {
            // A name twice in an object, or half a character.
            return null;
        }
    }

    /// <summary>An ending that is not known is one like any other: the answer says what it is worth.</summary>
    private static JsonObject Normal(JsonObject choice, JsonObject message)
    {
        var ending = Text(choice["finish_reason"]);
        return new()
        {
            ["index"] = 0,
            ["finish_reason"] = Endings.FirstOrDefault(
                known => known.Equals(ending, StringComparison.OrdinalIgnoreCase)) ?? Stop,
            ["message"] = new JsonObject
            {
                ["role"] = Assistant,
                ["content"] = message["content"]?.DeepClone(),
                ["refusal"] = Text(message["refusal"]),
                ["tool_calls"] = Calls(message["tool_calls"]),
            },
        };
    }

    private static JsonArray? Calls(JsonNode? calls)
    {
        if (calls is not JsonArray list)
            return null;
        var functions = list.Select(call => call?["function"]).OfType<JsonObject>();
        JsonNode[] normal =
        [
            .. functions.Select((function, place) => new JsonObject
            {
                ["id"] = FormattableString.Invariant($"call_{place}"),
                ["type"] = "function",
                ["function"] = new JsonObject
                {
                    ["name"] = Text(function["name"]) ?? "",
                    ["arguments"] = Text(function["arguments"]) ?? function["arguments"]?.ToJsonString() ?? "",
                },
            }),
        ];
        return normal.Length == 0 ? null : new(normal);
    }

    /// <summary>Null where it counts nothing, or what nobody can have used: then the most is taken.</summary>
    private static JsonObject? Usage(JsonNode? usage) =>
        Count(usage, "prompt_tokens") is { } input && Count(usage, "completion_tokens") is { } output
            ? new()
            {
                ["prompt_tokens"] = input,
                ["completion_tokens"] = output,
                ["total_tokens"] = Math.Min(int.MaxValue, (long)input + output),
            }
            : null;

    private static int? Count(JsonNode? usage, string name) =>
        usage is JsonObject counts && counts[name] is JsonValue value && value.TryGetValue<int>(out var count)
        && count >= 0
            ? count
            : null;

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
