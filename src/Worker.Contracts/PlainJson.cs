using System.Text.Json;
using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// Maps, and values of any type, are written as the producer made them, whatever options the messaging library
/// serializes with: those may rename keys, or write decimals as strings.
/// </summary>
internal static class PlainJson
{
    public static readonly JsonSerializerOptions Options = new();

    private static readonly Type[] Plain = [typeof(object), typeof(Dictionary<string, object?>), typeof(
        List<Dictionary<string, object?>>)];

    public static JsonSerializerOptions For<T>(JsonSerializerOptions given) => Plain.Contains(typeof(T))
        ? Options
        : given;

    internal sealed class Converter<T> : JsonConverter<T>
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<T>(ref reader, Options);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, Options);
    }
}
