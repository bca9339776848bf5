using System.Text.Json;
using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>Writes a <see cref="Judgment"/> as its bare value.</summary>
internal sealed class JudgmentConverter : JsonConverter<Judgment>
{
    public override Judgment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True or JsonTokenType.False => new(reader.GetBoolean()),
        JsonTokenType.Number => new(reader.GetDouble()),
        JsonTokenType.String => new(reader.GetString()!),
        _ => new(JsonSerializer.Deserialize<string[]>(ref reader, PlainJson.Options)!),
    };

    public override void Write(Utf8JsonWriter writer, Judgment value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value, PlainJson.Options);
}
