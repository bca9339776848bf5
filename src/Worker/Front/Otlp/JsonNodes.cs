using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Ingestion;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Front.Otlp;

/// <summary>Values of attributes as trees, where they are taken apart; and trees as values.</summary>
internal static class JsonNodes
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Names that occur twice are left as the text that they are in.
    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = 2 * OtlpLimits.Depth, AllowDuplicateProperties = false,
    };

    /// <summary>The value; where it is a text that spells an object or array, what it spells.</summary>
    public static JsonNode? Of(JsonValue value) =>
        value.AsText() is not { } text ? Parse(value.Utf8)
        : text.AsSpan().TrimStart() is ['{' or '[', ..] && Parse(Encoding.UTF8.GetBytes(text)) is { } spelt ? spelt
        : System.Text.Json.Nodes.JsonValue.Create(text);

    /// <summary>The value as it is; a text stays the text that it is.</summary>
    public static JsonNode? Leaf(JsonValue value) =>
        value.AsText() is { } text ? System.Text.Json.Nodes.JsonValue.Create(text) : Parse(value.Utf8);

    public static JsonValue ToValue(JsonNode? node) => new(JsonSerializer.SerializeToUtf8Bytes(node, Plain));

    /// <summary>The text of a string; null of anything else.</summary>
    public static string? Text(JsonNode? node) =>
        node is System.Text.Json.Nodes.JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : null;

    /// <summary>The text of a string, the JSON text of anything else; null of null.</summary>
    public static string? Spelt(JsonNode? node) => node is null ? null : Text(node) ?? node.ToJsonString(Plain);

    /// <summary>The text that a JSON string spells; null where it is none.</summary>
    public static string? Quoted(string json) => Text(Parse(Encoding.UTF8.GetBytes(json)));

    /// <summary>Null where it is no JSON that can be taken apart.</summary>
    private static JsonNode? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonBody.Clean(json) is { } clean ? JsonNode.Parse(clean.Span, documentOptions: Strict) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
