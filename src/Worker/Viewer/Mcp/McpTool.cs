using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Worker.Front;

namespace Worker.Viewer.Mcp;

/// <summary>A tool as programs are told of it, and what it does.</summary>
/// <param name="Run">Throws <see cref="RefusedRequestException"/>, and as the stores do.</param>
internal sealed record McpTool(
    Tool Definition, Func<McpArguments, Caller, CancellationToken, Task<JsonElement>> Run)
{
    /// <summary>All tools read, and what is stored alone.</summary>
    /// <param name="parameters">By name, each with its JSON type and what it is.</param>
    public static McpTool Of(
        string name,
        string title,
        string description,
        IReadOnlyList<(string Name, string Type, string Description)> parameters,
        IReadOnlyList<string> required,
        Func<McpArguments, Caller, CancellationToken, Task<JsonElement>> run) => new(
        new()
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = Schema(parameters, required),
            Annotations = new()
            {
                ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false,
            },
        },
        run);

    private static JsonElement Schema(
        IReadOnlyList<(string Name, string Type, string Description)> parameters, IReadOnlyList<string> required) =>
        JsonSerializer.SerializeToElement(new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(parameters.Select(each => KeyValuePair.Create<string, JsonNode?>(
                each.Name, new JsonObject { ["type"] = each.Type, ["description"] = each.Description }))),
            ["required"] = new JsonArray([.. required.Select(each => JsonValue.Create(each))]),
            ["additionalProperties"] = false,
        });
}
