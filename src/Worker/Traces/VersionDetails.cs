using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Traces;

/// <summary>
/// The part of a File's details that makes a Version, in one form: only the keys that count, and what is missing, null or
/// <c>{}</c> is left out, so that the three are one. Defaults are written (<c>strict: false</c>).
/// </summary>
internal static class VersionDetails
{
    private static readonly string[] ToolKeys = ["function", "source_code", "setup_values", "attributes"];
    private static readonly string[] FlowKeys = ["attributes"];
    private static readonly string[] FunctionKeys = ["name", "description", "strict", "parameters"];
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 1024 };

    /// <summary>The details of a File's version without any.</summary>
    public static readonly JsonValue Empty = JsonValue.Parse("{}");

    /// <summary>The field that holds a kind's details.</summary>
    public static Field FieldOf(LogKind kind) => kind switch
    {
        LogKind.Tool => Fields.Tool,
        LogKind.Flow => Fields.Flow,
        LogKind.Prompt => Fields.Prompt,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The details in their one form. A Prompt's are all that it says, but for nulls.</summary>
    public static JsonValue Normalise(LogKind kind, JsonValue details)
    {
        if (JsonNode.Parse(details.Utf8.Span, documentOptions: ReadOptions) is not JsonObject given)
            return details;

        var normal = Pick(given, kind switch
        {
            LogKind.Tool => ToolKeys,
            LogKind.Flow => FlowKeys,
            _ => [.. given.Select(member => member.Key)],
        });
        if (kind == LogKind.Tool && normal["function"] is JsonObject function)
        {
            var known = Pick(function, FunctionKeys);
            if (!known.ContainsKey("strict"))
                known["strict"] = false;
            normal["function"] = known;
        }

        return JsonValue.Parse(normal.ToJsonString());
    }

    private static JsonObject Pick(JsonObject given, IEnumerable<string> keys)
    {
        var picked = new JsonObject();
        foreach (var key in keys)
        {
            if (given[key] is { } value && value is not JsonObject { Count: 0 })
                picked[key] = value.DeepClone();
        }

        return picked;
    }
}
