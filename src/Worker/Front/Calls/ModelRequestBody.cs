using System.Text.Json.Nodes;
using Worker.Files;

namespace Worker.Front.Calls;

/// <summary>
/// What a provider is sent for a Prompt: a chat completion in OpenAI's words. Throws
/// <see cref="RefusedRequestException"/>.
/// </summary>
internal static class ModelRequestBody
{
    private static readonly string[] Same =
    [
        "temperature", "top_p", "stop", "presence_penalty", "frequency_penalty", "seed", "response_format",
        "reasoning_effort",
    ];

    public static JsonObject Of(CalledPrompt prompt, CallBody body)
    {
        var details = prompt.Details;
        if (details["template_language"] is { } language && Text(language) != "default")
            throw Bad("template_language", "Templates are filled as {{name}} alone; say default, or leave it out");
        var filled = new TemplateFiller(body.Inputs).Messages(details["template"]);
        var messages = filled.Concat(body.Messages.Select(Sent)).Select(WithoutNulls).ToArray<JsonNode>();
        if (messages.Length == 0)
            throw new RefusedRequestException(Invalid.Missing("body", "messages"));
        var request = new JsonObject { ["model"] = Model(details), ["messages"] = new JsonArray(messages) };
        foreach (var name in Same)
        {
            if (details[name] is { } value)
                request[name] = value is JsonObject members ? WithoutNulls(members) : value.DeepClone();
        }

        // -1 is as much as there is room for.
        if (details["max_tokens"] is JsonValue most && !(most.TryGetValue<int>(out var number) && number < 0))
            request["max_tokens"] = most.DeepClone();
        AddTools(request, prompt, body);
        if (body.Number("logprobs") is { } logprobs)
            (request["logprobs"], request["top_logprobs"]) = (true, logprobs);
        foreach (var (name, value) in details["other"] as JsonObject ?? [])
        {
            if (name is not ("stream" or "stream_options" or "n") && !request.ContainsKey(name))
                request[name] = value?.DeepClone();
        }

        return request;
    }

    private static void AddTools(JsonObject request, CalledPrompt prompt, CallBody body)
    {
        if (prompt.Tools.Count == 0)
            return;
        request["tools"] = new JsonArray([.. prompt.Tools.Select(Tool)]);
        if (body["tool_choice"] is { } choice)
            request["tool_choice"] = choice.DeepClone();
    }

    /// <summary>Without what the service added to Tools that a Prompt names.</summary>
    private static JsonObject Tool(JsonObject described)
    {
        if (described["function"] is JsonObject)
            return described.DeepClone().AsObject();
        var function = new JsonObject();
        foreach (var name in VersionDetails.FunctionKeys)
        {
            if (described[name] is { } value)
                function[name] = value.DeepClone();
        }

        return new() { ["type"] = "function", ["function"] = function };
    }

    private static string Model(JsonObject details) => Text(details["model"]) is { Length: > 0 } model
        ? model
        : throw new RefusedRequestException(
            new Invalid(["body", "prompt", "model"], "The Prompt names no model; send one", "value_error.missing"));

    private static JsonObject Sent(JsonNode? message) => message is JsonObject sent && Text(sent["role"]) is not null
        ? sent
        : throw CallBody.Bad("messages", "a list of messages, each with a role");

    /// <summary>The service's clients write null for what is absent, which no provider likes.</summary>
    private static JsonObject WithoutNulls(JsonObject message) => new(
        message.Where(member => member.Value is not null)
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private static RefusedRequestException Bad(string name, string sentence) =>
        new(new Invalid(["body", "prompt", name], sentence, "value_error"));

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
