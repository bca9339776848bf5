using System.Text.Json.Nodes;

namespace Worker.Models;

/// <summary>Takes a provider's key out of what it said, wherever it stands.</summary>
internal static class HiddenKeys
{
    /// <summary>The same JSON without it, in names and values.</summary>
    public static JsonNode? In(ModelProvider provider, JsonNode? json)
    {
        switch (json)
        {
            case JsonObject members:
                var copy = new JsonObject();
                foreach (var (name, value) in members)
                    copy[provider.Hide(name)] = In(provider, value);
                return copy;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => In(provider, item))]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return provider.Hide(text);
            default:
                var number = json?.ToJsonString();
                return number is null || provider.Hide(number) == number ? json?.DeepClone() : provider.Hide(number);
        }
    }
}
