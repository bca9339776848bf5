using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// A Prompt's Version as the text of a <c>.prompt</c> file, as the service's clients keep it beside the source: the
/// parameters as YAML between dashes, then the template; of a template of messages each between tags of its role.
/// </summary>
internal static partial class PromptText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Serialize(JsonValue details)
    {
        using var parsed = JsonDocument.Parse(details.Utf8, new JsonDocumentOptions { MaxDepth = 1000 });
        var text = new StringBuilder("---\n");
        if (parsed.RootElement.ValueKind != JsonValueKind.Object)
            return text.Append("---\n").ToString();
        JsonElement? template = null;
        foreach (var property in JsonOnce.Properties(parsed.RootElement))
        {
            if (property.Name == "template")
                template = property.Value;
            else if (property.Value.ValueKind != JsonValueKind.Null)
                text.Append(Key(property.Name)).Append(": ").Append(Yaml(property.Value)).Append('\n');
        }

        text.Append("---\n");
        if (template is { ValueKind: JsonValueKind.String } whole)
            text.Append(whole.GetString()).Append('\n');
        else if (template is { ValueKind: JsonValueKind.Array } messages)
            text.AppendJoin('\n', messages.EnumerateArray().Select(Message));
        return text.ToString();
    }

    private static string Message(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || Text(message, "role") is not { } role)
            return Json(message) + "\n";
        var attributes = role == "tool"
            ? Attributes(("name", Text(message, "name")), ("id", Text(message, "tool_call_id")))
            : "";
        var parts = new List<string>();
        if (message.TryGetProperty("content", out var content))
            parts.AddRange(Contents(content));
        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
            parts.AddRange(calls.EnumerateArray().Select(ToolCall));
        return $"<{role}{attributes}>\n{Indented(string.Join('\n', parts))}\n</{role}>\n";
    }

    private static IEnumerable<string> Contents(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => content.EnumerateArray().Select(Part),
        JsonValueKind.Null => [],
        _ => [Json(content)],
    };

    private static string Part(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.Object && Text(part, "text") is { } text)
            return $"<text>\n{Indented(text)}\n</text>";
        return part.ValueKind == JsonValueKind.Object && part.TryGetProperty("image_url", out var image)
            && image.ValueKind == JsonValueKind.Object && Text(image, "url") is { } url
            ? $"<image{Attributes(("url", url), ("detail", Text(image, "detail")))} />"
            : Json(part);
    }

    private static string ToolCall(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("function", out var function)
            || function.ValueKind != JsonValueKind.Object)
            return Json(call);
        var attributes = Attributes(("name", Text(function, "name")), ("id", Text(call, "id")));
        return $"<tool{attributes}>\n{Indented(Text(function, "arguments") ?? "{}")}\n</tool>";
    }

    private static string Attributes(params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in attributes)
        {
            if (value is null)
                continue;
            var quoted = value.Replace("\"", "&quot;", StringComparison.Ordinal);
            text.Append(' ').Append(name).Append("=\"").Append(quoted).Append('"');
        }

        return text.ToString();
    }

    private static string Indented(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Key(string name) => Plain().IsMatch(name) ? name : JsonSerializer.Serialize(name, Options);

    /// <summary>JSON is YAML; a word is plain where YAML takes it for nothing but a text.</summary>
    private static string Yaml(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Plain().IsMatch(value.GetString()!)
            ? value.GetString()!
            : Json(value);

    private static string Json(JsonElement value) => JsonSerializer.Serialize(value, Options);

    [GeneratedRegex(
        @"^(?!(?i:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][A-Za-z0-9_./-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
