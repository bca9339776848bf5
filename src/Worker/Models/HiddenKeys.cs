using System.Text.Json.Nodes;

namespace Worker.Models;

/// <summary>Takes a provider's key out of what it said, wherever it stands.</summary>
internal static class HiddenKeys
{
    /// <summary>The same JSON without it, in names and values; null where nobody can read it.</summary>
    public static JsonNode? In(ModelProvider provider, JsonNode? json)
    {
        try
        {
            return Copy(provider, json);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            // A name twice, or half a character.
            return null;
        }
    }

    private static JsonNode? Copy(ModelProvider provider, JsonNode? json)
    {
        switch (json)
        {
            case JsonObject members:
                var copy = new JsonObject();
                foreach (var (name, value) in members)
                    copy[provider.Hide(name)] = Copy(provider, value);
                return copy;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => Copy(provider, item))]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return provider.Hide(text);
            default:
                var literal = json?.ToJsonString() ?? "";
                var hidden = provider.Hide(literal);
                return hidden == literal ? json?.DeepClone() : hidden;
        }
    }
}
