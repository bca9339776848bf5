using System.Text.Json.Nodes;

namespace Worker.Front.Description;

/// <summary>One status, and what comes with it.</summary>
/// <param name="Schema">Of the body; null where there is none.</param>
internal sealed record Answer(int Status, string Words, JsonObject? Schema)
{
    public IReadOnlyList<(string Name, string Words)> Headers { get; init; } = [];

    /// <summary>As what the body may be written.</summary>
    public IReadOnlyList<string> Types { get; init; } = ["application/json"];

    public static Answer Ok(string words, JsonObject schema) => new(200, words, schema);

    public static Answer Nothing(string words) => new(204, words, null);

    /// <summary>A fault that one sentence tells.</summary>
    public static Answer Fault(int status, string words) => new(status, words, Description.Schema.Ref("Fault"));

    /// <summary>A request that says what cannot be.</summary>
    public static Answer Invalid(string words) => new(422, words, Description.Schema.Ref("Invalid"));

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["description"] = Words };
        if (Headers.Count > 0)
            json["headers"] = new JsonObject(Headers.Select(header => KeyValuePair.Create<string, JsonNode?>(
                header.Name,
                new JsonObject { ["description"] = header.Words, ["schema"] = Description.Schema.Text() })));
        if (Schema is not null)
            json["content"] = new JsonObject(Types.Select(type => KeyValuePair.Create<string, JsonNode?>(
                type, type == "application/json" ? new JsonObject { ["schema"] = Schema.DeepClone() } : [])));
        return json;
    }
}
