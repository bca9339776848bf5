using System.Buffers;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Files;

/// <summary>
/// The details of a File in the one form that identifies a Version: only the keys that count, without those that are
/// null or <c>{}</c>, so that missing, null and <c>{}</c> give the same Version. Defaults are written (<c>strict:
/// false</c>). Of a name that occurs twice the last one counts.
/// </summary>
internal static class VersionDetails
{
    /// <summary>What makes a Version of a Tool.</summary>
    public static readonly IReadOnlyList<string> ToolKeys = ["function", "source_code", "setup_values", "attributes"];

    /// <summary>What makes a Version of a Flow.</summary>
    public static readonly IReadOnlyList<string> FlowKeys = ["attributes"];

    /// <summary>Of a Tool's function.</summary>
    public static readonly IReadOnlyList<string> FunctionKeys = ["name", "description", "strict", "parameters"];

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1024 };
    private static readonly JsonValue False = JsonValue.Parse("false");

    /// <summary>The details of a File's version without any.</summary>
    public static readonly JsonValue Empty = JsonValue.Parse("{}");

    /// <summary>The field that holds a kind's details.</summary>
    public static Field FieldOf(LogKind kind) => kind switch
    {
        LogKind.Tool => LogFields.Tool,
        LogKind.Flow => LogFields.Flow,
        LogKind.Prompt => LogFields.Prompt,
        LogKind.Evaluator => LogFields.Spec,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>
    /// The details in their one form. A Prompt's, and an Evaluator's, are all that they say, but for nulls.
    /// </summary>
    public static JsonValue Normalise(LogKind kind, JsonValue details)
    {
        if (Members(details) is not { } given)
            return details;

        var normal = Pick(given, kind switch
        {
            LogKind.Tool => ToolKeys,
            LogKind.Flow => FlowKeys,
            _ => given.Keys,
        });
        if (kind == LogKind.Tool && normal.TryGetValue("function", out var function)
            && Members(function) is { } members)
            normal["function"] = Function(members);
        return Write(normal);
    }

    private static JsonValue Function(Dictionary<string, JsonValue> given)
    {
        var function = Pick(given, FunctionKeys);
        function.TryAdd("strict", False);
        return Write(function);
    }

    /// <summary>The values by name, cut out as they are; null of anything but an object.</summary>
    private static Dictionary<string, JsonValue>? Members(JsonValue json)
    {
        var reader = new Utf8JsonReader(json.Utf8.Span, ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return null;

        var members = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            members[name] = new JsonValue(json.Utf8[start..(int)reader.BytesConsumed]);
        }

        return members;
    }

    private static Dictionary<string, JsonValue> Pick(Dictionary<string, JsonValue> given, IEnumerable<string> keys) =>
        keys.Where(key => given.TryGetValue(key, out var value) && SaysSomething(value.Utf8.Span))
            .ToDictionary(key => key, key => given[key], StringComparer.Ordinal);

    private static bool SaysSomething(ReadOnlySpan<byte> json) =>
        !json.SequenceEqual("null"u8) && !(json[0] == (byte)'{' && json[1..^1].Trim(" \t\r\n"u8).IsEmpty);

    private static JsonValue Write(Dictionary<string, JsonValue> members)
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.Write("{"u8);
        foreach (var (name, value) in members)
        {
            if (output.WrittenCount > 1)
                output.Write(","u8);
            output.Write(JsonValue.FromText(name).Utf8.Span);
            output.Write(":"u8);
            output.Write(value.Utf8.Span);
        }

        output.Write("}"u8);
        return new JsonValue(output.WrittenMemory);
    }
}
