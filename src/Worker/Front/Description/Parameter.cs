using System.Text.Json.Nodes;

namespace Worker.Front.Description;

/// <summary>What a request may say beside its path and body.</summary>
/// <param name="Place"><c>query</c> or <c>header</c>.</param>
internal sealed record Parameter(string Place, string Name, string Words, JsonObject Schema)
{
    public bool IsRequired { get; init; }

    public static Parameter Query(string name, string words, JsonObject? schema = null) =>
        new("query", name, words, schema ?? Description.Schema.Text());

    public static Parameter Header(string name, string words) => new("header", name, words, Description.Schema.Text());

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["in"] = Place,
        ["required"] = IsRequired,
        ["description"] = Words,
        ["schema"] = Schema.DeepClone(),
    };
}
