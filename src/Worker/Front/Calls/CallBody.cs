using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Ingestion;
using Worker.Reading;

namespace Worker.Front.Calls;

/// <summary>
/// What a request to call a Prompt says: each name once, and what is null is absent. The keys of providers are apart,
/// so that nothing that is kept or answered can have them. Throws <see cref="RefusedRequestException"/>.
/// </summary>
internal sealed class CallBody
{
    private const string KeysName = "provider_api_keys";

    /// <summary>What the provider is sent nests a little deeper, and has to go into a message, too.</summary>
    private const int Deepest = JsonBody.MaxDepth - 8;

    private readonly JsonObject _json;
    private readonly JsonObject _keys;

    private CallBody(JsonObject json)
    {
        _json = json;
        foreach (var name in json.Where(member => member.Value is null).Select(member => member.Key).ToList())
            json.Remove(name);
        _keys = json.Remove(KeysName, out var keys) ? Fit(KeysName, keys as JsonObject, "an object") : [];
    }

    public JsonNode? this[string name] => _json[name];

    public JsonObject? Prompt => Has("prompt") ? Fit("prompt", _json["prompt"] as JsonObject, "an object") : null;

    public JsonObject Inputs => Has("inputs") ? Fit("inputs", _json["inputs"] as JsonObject, "an object") : [];

    public JsonArray Messages => Has("messages") ? Fit("messages", _json["messages"] as JsonArray, "a list") : [];

    public bool IsStreamed => Flag("stream") ?? false;

    public bool ReturnsInputs => Flag("return_inputs") ?? true;

    /// <param name="json">One object.</param>
    public static CallBody Read(ReadOnlyMemory<byte> json) => new(Once(json));

    /// <summary>The same object with each name once, as libraries insist on.</summary>
    public static JsonObject Once(ReadOnlyMemory<byte> json)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = Deepest };
            using var parsed = JsonDocument.Parse(NonNumbers.Replace(json.Span)?.Json ?? json, options);
            var once = new ArrayBufferWriter<byte>(json.Length);
            using (var writer = new Utf8JsonWriter(once))
                JsonOnce.Write(parsed.RootElement, writer);
            return JsonNode.Parse(once.WrittenSpan, documentOptions: options)!.AsObject();
        }
        catch (JsonException)
        {
            throw new RefusedRequestException(
                new Invalid(["body"], "What is to be called nests too deep", "value_error"));
        }
    }

    public bool Has(string name) => _json.ContainsKey(name);

    /// <summary>A text that says something; null where there is none.</summary>
    public string? Text(string name) => TextOf(_json[name]) is { Length: > 0 } text ? text : null;

    public int? Number(string name) => !Has(name) ? null
        : _json[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number
        : throw Bad(name, "a whole number");

    /// <summary>The key that came for that provider; null where none did.</summary>
    public string? KeyFor(string provider)
    {
        var found = _keys.FirstOrDefault(each => each.Key.Equals(provider, StringComparison.OrdinalIgnoreCase));
        if (found.Value is null)
            return null;
        return TextOf(found.Value) is { } key && key.All(each => each is > ' ' and <= '~')
            ? key.Length == 0 ? null : key
            : throw new RefusedRequestException(new Invalid(
                ["body", KeysName, provider],
                "A key has letters, digits and signs of ASCII, without spaces",
                "value_error"));
    }

    /// <summary>The address that came for it, as for Azure's; null where none did.</summary>
    public string? AddressFor(string provider) => TextOf(_keys[provider + "_endpoint"]);

    public static RefusedRequestException Bad(string name, string accepted) =>
        new(new Invalid(["body", name], $"{name} has to be {accepted}", "type_error"));

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static T Fit<T>(string name, T? value, string accepted)
        where T : class => value ?? throw Bad(name, accepted);

    private bool? Flag(string name) => !Has(name) ? null
        : _json[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag
        : throw Bad(name, "true or false");
}
