using System.Text.Json.Nodes;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Front.Otlp;

/// <summary>
/// A call of a tool, as the conventions describe it: the Tool's Version, what it was called with, what it gave.
/// </summary>
internal static class ToolFields
{
    /// <summary>Where the conventions put what anything but a model was given.</summary>
    private static readonly string[] Inputs =
        ["gen_ai.tool.call.arguments", "ai.toolCall.args", "input.value", "traceloop.entity.input", "tool.parameters"];

    private static readonly string[] Outputs =
        ["gen_ai.tool.call.result", "ai.toolCall.result", "output.value", "traceloop.entity.output"];

    /// <summary>The tool's own name; null where the span does not say.</summary>
    public static string? NameOf(SpanAttributes attributes) =>
        attributes.PeekText("gen_ai.tool.name")
        ?? attributes.PeekText("ai.toolCall.name")
        ?? attributes.PeekText("tool.name");

    public static JsonObject Fill(LogBody body, SpanAttributes attributes)
    {
        Exchange(body, attributes);
        var function = new JsonObject();
        if (attributes.TakeText("gen_ai.tool.name", "ai.toolCall.name", "tool.name") is { } name)
            function["name"] = name;
        if (attributes.TakeText("gen_ai.tool.description", "tool.description") is { } description)
            function["description"] = description;
        if (attributes.Take("tool.json_schema") is { } schema && JsonNodes.Of(schema) is JsonObject parameters)
            function["parameters"] = parameters;
        return function.Count == 0 ? [] : new JsonObject { ["function"] = function };
    }

    /// <summary>What went in and came out, of whatever it is.</summary>
    public static void Exchange(LogBody body, SpanAttributes attributes)
    {
        if (attributes.Take(Inputs) is { } given)
            body.Set("inputs", JsonNodes.Of(given) is JsonObject map ? Arguments(map) : Single(given));
        if (attributes.Take(Outputs) is { } result)
            body.Set("output", Unquoted(result));
    }

    private static JsonObject Single(JsonValue given) => new() { ["input"] = JsonNodes.Leaf(given) };

    /// <summary>
    /// A text that was spelt as JSON once more, as the AI SDK spells every result, is told as it was.
    /// </summary>
    private static JsonValue Unquoted(JsonValue result) =>
        result.AsText() is ['"', .., '"'] text && JsonNodes.Quoted(text) is { } plain
            ? JsonValue.FromText(plain)
            : result;

    /// <summary>OpenLLMetry wraps what a function was called with.</summary>
    private static JsonObject Arguments(JsonObject map) =>
        map.Count <= 3 && map["inputs"] is JsonObject { Count: > 0 } inputs && map.ContainsKey("tags") ? inputs : map;
}
