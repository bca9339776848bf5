using System.Text.Json.Nodes;

namespace Worker.Front.Description;

/// <summary>
/// JSON Schemas (draft 2020-12), in the few forms that the description needs. Each call makes a new one.
/// </summary>
internal static class Schema
{
    public static JsonObject Ref(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    public static JsonObject Text() => Of("string");

    public static JsonObject Number() => Of("number");

    public static JsonObject Integer() => Of("integer");

    public static JsonObject Flag() => Of("boolean");

    public static JsonObject Null() => Of("null");

    public static JsonObject Time() => new() { ["type"] = "string", ["format"] = "date-time" };

    /// <summary>Any object.</summary>
    public static JsonObject Map() => Of("object");

    public static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    public static JsonObject OneOf(params ReadOnlySpan<string> words) => new()
    {
        ["type"] = "string", ["enum"] = Texts(words),
    };

    public static JsonObject Any(params ReadOnlySpan<JsonObject> schemas)
    {
        var any = new JsonArray();
        foreach (var schema in schemas)
            any.Add(schema);
        return new() { ["anyOf"] = any };
    }

    public static JsonObject Of(params ReadOnlySpan<string> types) => new()
    {
        ["type"] = types.Length == 1 ? JsonValue.Create(types[0]) : Texts(types),
    };

    /// <summary>An object of which each of those members is always there.</summary>
    public static JsonObject Object(params ReadOnlySpan<(string Name, JsonObject Schema)> members)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(),
            ["required"] = new JsonArray(),
        };
        foreach (var (name, member) in members)
            schema.Always(name, member);
        return schema;
    }

    /// <summary>With a member that is always there.</summary>
    public static JsonObject Always(this JsonObject schema, string name, JsonObject member)
    {
        schema["required"]!.AsArray().Add(name);
        return schema.Maybe(name, member);
    }

    /// <summary>With a member that need not be there.</summary>
    public static JsonObject Maybe(this JsonObject schema, string name, JsonObject member)
    {
        schema["properties"]![name] = member;
        return schema;
    }

    /// <summary>There may be others: what somebody said of a Version stands among the members of its File.</summary>
    public static JsonObject Open(this JsonObject schema)
    {
        schema["additionalProperties"] = true;
        return schema;
    }

    public static JsonObject Saying(this JsonObject schema, string words)
    {
        schema["description"] = words;
        return schema;
    }

    private static JsonArray Texts(ReadOnlySpan<string> texts)
    {
        var array = new JsonArray();
        foreach (var text in texts)
            array.Add(text);
        return array;
    }
}
