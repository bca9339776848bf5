using System.Text.Json;

namespace Worker.Reading;

/// <summary>JSON with each name once: of one that occurs twice in an object the last value counts.</summary>
internal static class JsonOnce
{
    public static IEnumerable<JsonProperty> Properties(JsonElement value) =>
        value.EnumerateObject().GroupBy(property => property.Name, StringComparer.Ordinal).Select(same => same.Last());

    /// <summary>Writes the property, and what is in it, at any depth that was taken in.</summary>
    public static void Write(JsonProperty property, Utf8JsonWriter writer)
    {
        writer.WritePropertyName(property.Name);
        Write(property.Value, writer);
    }

    public static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in Properties(value))
                    Write(property, writer);
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
