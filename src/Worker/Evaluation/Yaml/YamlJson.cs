using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Worker.Traces;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Yaml;

/// <summary>YAML nodes as JSON values (YAML 1.2 core schema: a quoted scalar is a text), and back.</summary>
internal static partial class YamlJson
{
    public static JsonValue ToJson(YamlNode node)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            Write(writer, node);

        var canonical = new ArrayBufferWriter<byte>(output.WrittenCount);
        CanonicalJson.Write(output.WrittenMemory, canonical);
        return new JsonValue(canonical.WrittenSpan.ToArray());
    }

    /// <summary>The node that <see cref="ToJson"/> would have made that value from.</summary>
    public static YamlNode FromJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new YamlMappingNode(value.EnumerateObject().Select(member =>
            KeyValuePair.Create<YamlNode, YamlNode>(new YamlScalarNode(member.Name), FromJson(member.Value)))),
        JsonValueKind.Array => new YamlSequenceNode(value.EnumerateArray().Select(FromJson)),
        JsonValueKind.String => new YamlScalarNode(value.GetString()) { Style = ScalarStyle.DoubleQuoted },
        _ => new YamlScalarNode(value.GetRawText()) { Style = ScalarStyle.Plain },
    };

    /// <summary>The number a plain scalar spells; null when it spells none.</summary>
    public static double? Number(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } && NumberForm().IsMatch(text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Children)
                {
                    writer.WritePropertyName(key is YamlScalarNode { Value: { } name } ? name : key.ToString());
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case YamlSequenceNode list:
                writer.WriteStartArray();
                foreach (var item in list.Children)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, (YamlScalarNode)node);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, YamlScalarNode scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
            writer.WriteStringValue(scalar.Value);
        else if (Number(scalar) is { } number)
            writer.WriteNumberValue(number);
        else if (scalar.Value is null or "" or "~" or "null" or "Null" or "NULL")
            writer.WriteNullValue();
        else if (Boolean(scalar) is { } boolean)
            writer.WriteBooleanValue(boolean);
        else
            writer.WriteStringValue(scalar.Value);
    }

    /// <summary>The boolean a plain scalar spells; null when it spells none.</summary>
    public static bool? Boolean(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain } scalar
        ? scalar.Value switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => null,
        }
        : null;

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex NumberForm();
}
