using System.Text.Json.Nodes;
using Worker.Reading;

namespace Worker.Front.Calls;

/// <summary>
/// Puts inputs into a template, wherever it says <c>{{name}}</c>: a text as it is, anything else as JSON. Throws
/// <see cref="RefusedRequestException"/> where one is missing.
/// </summary>
internal sealed class TemplateFiller(JsonObject inputs)
{
    /// <summary>The messages of a template; a text is one of the user's.</summary>
    public IEnumerable<JsonObject> Messages(JsonNode? template) => template switch
    {
        null => [],
        JsonArray messages => messages.Select(message => Fill(message) as JsonObject
            ?? throw CallBody.Bad("prompt.template", "a text, or a list of messages")),
        JsonValue value when value.TryGetValue<string>(out var text) =>
            [new JsonObject { ["role"] = "user", ["content"] = Fill(text) }],
        _ => throw CallBody.Bad("prompt.template", "a text, or a list of messages"),
    };

    private JsonNode? Fill(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(
            members.Select(member => KeyValuePair.Create(member.Key, Fill(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Fill)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Fill(text),
        _ => node?.DeepClone(),
    };

    private string Fill(string text) => TemplateInputs.Fill(text, Value);

    private string Value(string name)
    {
        var found = inputs[name] ?? Within(name) ?? throw new RefusedRequestException(new Invalid(
            ["body", "inputs", name],
            $"The template asks for {name}, which inputs does not have; send it",
            "value_error.missing"));
        return found is JsonValue value && value.TryGetValue<string>(out var text) ? text : found.ToJsonString();
    }

    /// <summary>What stands at <c>a.b</c> in an input <c>a</c>.</summary>
    private JsonNode? Within(string name)
    {
        JsonNode? found = inputs;
        foreach (var step in name.Split('.'))
            found = (found as JsonObject)?[step];
        return found;
    }
}
