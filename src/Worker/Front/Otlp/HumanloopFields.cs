using System.Globalization;
using System.Text.Json.Nodes;
using Worker.Traces;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Front.Otlp;

/// <summary>
/// The attributes of the service's own clients, <c>humanloop.file.*</c> and <c>humanloop.log.*</c>: a File's details
/// and a Log's fields, flattened, and every value a text. They say what is meant, so they win over every convention, on
/// any span.
/// </summary>
internal static class HumanloopFields
{
    private static readonly string[] OfTheFile = ["path", "id", "version_id"];
    private static readonly string[] BesideTheFields = ["log_id", "save", "batch_id", "trace_status", "sent_at"];

    private static readonly string[] Numbers =
        ["temperature", "max_tokens", "top_p", "presence_penalty", "frequency_penalty", "seed"];

    /// <summary>Into the Version's details, and into what names File and Version.</summary>
    public static void File(LogBody body, SpanAttributes attributes, string kind, JsonObject details)
    {
        var file = Unflattened.Of(attributes.TakeUnder(Names.File));
        file.Remove("type");
        foreach (var name in OfTheFile)
            body.Set(name, Taken(file, name) is { } text ? JsonNodes.Text(text) : null);
        if (Taken(file, "environment") is { } environment)
            body.Set("version_environment", JsonNodes.Text(environment));
        // Older clients put the details under the File's kind.
        var given = Taken(file, kind) as JsonObject ?? [];
        foreach (var (name, value) in file.Concat(given).ToList())
            details[name] = Typed(name, value?.DeepClone());
        if ((details["function"] as JsonObject)?["strict"] is { } strict)
            details["function"]!["strict"] = Boolean(strict) is { } flag ? flag : strict.DeepClone();
    }

    /// <summary>Into the Log's fields; what is given of its metadata is added to what is there.</summary>
    public static void Log(LogBody body, SpanAttributes attributes, JsonObject metadata)
    {
        var log = Unflattened.Of(attributes.TakeUnder(Names.Log));
        if (Taken(log, "metadata") is JsonObject given)
        {
            foreach (var (name, value) in given.ToList())
                metadata[name] = value?.DeepClone();
        }

        if (Taken(log, "id") is { } id)
            body.Set("log_id", JsonNodes.Text(id));
        foreach (var (name, value) in log.ToList())
        {
            if (LogFields.Find(name) is not null || BesideTheFields.Contains(name))
                body.Set(name, Field(name, value));
            else
                metadata[name] = value?.DeepClone();
        }
    }

    /// <summary>As the field takes it: its type was lost when it was flattened.</summary>
    private static JsonValue? Field(string name, JsonNode? value)
    {
        if (JsonNodes.Text(value) is not { } text)
            return value is null ? null : JsonNodes.ToValue(value);
        if (name == "save")
            return Boolean(value!) is { } save ? JsonNodes.ToValue(save) : JsonValue.FromText(text);
        var json = JsonValue.FromText(text);
        return LogFields.Find(name)?.Type switch
        {
            FieldType.Number => SpanAttributes.Number(json) ?? json,
            FieldType.Map when JsonNodes.Of(json) is JsonObject map => JsonNodes.ToValue(map),
            FieldType.List when JsonNodes.Of(json) is JsonArray list => JsonNodes.ToValue(list),
            _ => json,
        };
    }

    private static JsonNode? Typed(string name, JsonNode? value) =>
        Numbers.Contains(name) && JsonNodes.Text(value) is { } text
        && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : value;

    /// <summary>As JavaScript and as Python print it.</summary>
    private static bool? Boolean(JsonNode value) => JsonNodes.Text(value) switch
    {
        "true" or "True" => true,
        "false" or "False" => false,
        _ => null,
    };

    private static JsonNode? Taken(JsonObject map, string name)
    {
        var value = map[name];
        map.Remove(name);
        return value;
    }
}
