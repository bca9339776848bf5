using System.Text.Json;
using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// Maps are written as the producer made them, whatever options the messaging library serializes with: those may rename keys,
/// or write decimals as strings.
/// </summary>
internal static class PlainJson
{
    private static readonly JsonSerializerOptions Options = new();

    public static JsonSerializerOptions For<T>(JsonSerializerOptions given) => IsMap(typeof(T)) ? Options : given;

    private static bool IsMap(Type type) => type == typeof(Dictionary<string, object?>) || type == typeof(List<Dictionary<string, object?>>);

    internal sealed class Converter<T> : JsonConverter<T>
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<T>(ref reader, Options);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, Options);
    }
}
