using System.Text;
using System.Text.Json.Nodes;

namespace Worker.Models;

/// <summary>
/// What a model has said so far: of a whole answer all of it, of a streamed one what has come. Reads OpenAI's chat
/// completions, and no more of them than it needs; what a service adds or leaves out does not matter.
/// </summary>
internal sealed class ChatReply
{
    private const int MostCalls = 128;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _refusal = new();
    private readonly SortedDictionary<int, ToolCall> _calls = [];

    public string Text => _text.ToString();

    /// <summary>Why the model would not; null where it did not say so.</summary>
    public string? Refusal => _refusal.Length > 0 ? _refusal.ToString() : null;

    /// <summary>Why it stopped; null where it has not, or did not say.</summary>
    public string? FinishReason { get; private set; }

    public long? PromptTokens { get; private set; }

    public long? OutputTokens { get; private set; }

    public long? ReasoningTokens { get; private set; }

    /// <summary>Of text and of calls together, in characters.</summary>
    public int Length { get; private set; }

    /// <summary>
    /// Adds a completion or a chunk of one. Throws <see cref="ArgumentException"/> or
    /// <see cref="InvalidOperationException"/> for what nobody can read.
    /// </summary>
    /// <returns>What it adds to the text; null where it holds no choice at all.</returns>
    public string? Add(JsonObject chunk)
    {
        AddUsage(chunk["usage"] as JsonObject);
        if (chunk["choices"] is not JsonArray { Count: > 0 } choices || choices[0] is not JsonObject choice)
            return null;
        FinishReason = AsText(choice["finish_reason"]) ?? FinishReason;
        if ((choice["message"] ?? choice["delta"]) is not JsonObject said)
            return choice.ContainsKey("delta") || choice.ContainsKey("finish_reason") ? "" : null;
        var text = Content(said["content"]);
        Append(_text, text);
        Append(_refusal, AsText(said["refusal"]) ?? "");
        AddCalls(said["tool_calls"] as JsonArray);
        return text;
    }

    /// <summary>As a message of the conversation.</summary>
    public JsonObject ToMessage()
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Text };
        if (_calls.Count > 0)
            message["tool_calls"] = new JsonArray([.. _calls.Select(call => call.Value.ToJson(call.Key))]);
        if (Refusal is { } refusal)
            message["refusal"] = refusal;
        return message;
    }

    private void AddUsage(JsonObject? usage)
    {
        if (usage is null)
            return;
        PromptTokens = Count(usage["prompt_tokens"]) ?? PromptTokens;
        OutputTokens = Count(usage["completion_tokens"]) ?? OutputTokens;
        var details = usage["completion_tokens_details"] as JsonObject;
        ReasoningTokens = Count(details?["reasoning_tokens"]) ?? ReasoningTokens;
    }

    /// <summary>Of a streamed call the pieces have its place; a whole one is where it stands.</summary>
    private void AddCalls(JsonArray? calls)
    {
        for (var i = 0; i < calls?.Count; i++)
        {
            if (calls[i] is not JsonObject part)
                continue;
            var place = (int?)Count(part["index"]) ?? i;
            if (!_calls.TryGetValue(place, out var call))
            {
                if (_calls.Count == MostCalls)
                    throw new InvalidOperationException($"The model calls more than {MostCalls} functions.");
                _calls[place] = call = new();
            }

            var function = part["function"] as JsonObject;
            call.Id = AsText(part["id"]) is { Length: > 0 } id ? id : call.Id;
            Append(call.Name, AsText(function?["name"]) ?? "");
            Append(call.Arguments, AsText(function?["arguments"]) ?? function?["arguments"]?.ToJsonString() ?? "");
        }
    }

    private void Append(StringBuilder to, string text)
    {
        Length += text.Length;
        to.Append(text);
    }

    /// <summary>A text, or parts of which some are texts.</summary>
    private static string Content(JsonNode? content) => content is JsonArray parts
        ? string.Concat(parts.OfType<JsonObject>().Select(part => AsText(part["text"])))
        : AsText(content) ?? "";

    private static string? AsText(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Count(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<int>(out var count) && count >= 0 ? count : null;

    private sealed class ToolCall
    {
        public string? Id { get; set; }

        public StringBuilder Name { get; } = new();

        public StringBuilder Arguments { get; } = new();

        public JsonObject ToJson(int place) => new()
        {
            ["id"] = Id ?? FormattableString.Invariant($"call_{place}"),
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = Name.ToString(), ["arguments"] = Arguments.ToString() },
        };
    }
}
