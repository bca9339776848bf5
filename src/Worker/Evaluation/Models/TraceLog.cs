using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Evaluation.Rules;

namespace Worker.Evaluation.Models;

/// <summary>A Log in the JSON that Evaluators are asked about.</summary>
internal readonly record struct TraceLog(JsonElement Json)
{
    private static readonly string[] Kinds = ["tool", "prompt", "flow", "evaluator"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary><c>tool</c>, <c>prompt</c>, <c>flow</c> or <c>evaluator</c>.</summary>
    public string Kind => File().Kind;

    public string? Path =>
        File().Details is { } file && file.TryGetProperty("path", out var path) ? path.GetString() : null;

    /// <summary>It was not to be saved: what it held, nobody knows.</summary>
    public bool IsWithheld => Json.TryGetProperty("save", out var save) && save.ValueKind == JsonValueKind.False;

    public IEnumerable<TraceLog> Children =>
        Json.TryGetProperty("trace_children", out var children)
            ? children.EnumerateArray().Select(child => new TraceLog(child))
            : [];

    /// <summary>It and everything under it, each before what is under it, with its depth.</summary>
    public IEnumerable<(TraceLog Log, int Depth)> All()
    {
        var open = new Stack<(TraceLog Log, int Depth)>([(this, 0)]);
        while (open.TryPop(out var next))
        {
            yield return next;
            foreach (var child in next.Log.Children.Reverse())
                open.Push((child, next.Depth + 1));
        }
    }

    /// <summary>Null where nothing stands there, or JSON's null.</summary>
    public JsonElement? Read(FieldPath field)
    {
        var start = field.Name switch
        {
            "kind" => JsonSerializer.SerializeToElement(Kind),
            "path" => JsonSerializer.SerializeToElement(Path ?? ""),
            "duration" => Duration,
            _ => Json.TryGetProperty(field.Name, out var value) ? value : null,
        };
        return start is { } found ? field.Within(found) : null;
    }

    /// <summary>A text as it is, anything else as JSON.</summary>
    public static string Words(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : Quoted(value);

    /// <summary>As JSON on one line.</summary>
    public static string Quoted(JsonElement value) => JsonSerializer.Serialize(value, Readable);

    private JsonElement? Duration =>
        Instant("start_time") is { } start && Instant("end_time") is { } end && end >= start
            ? JsonSerializer.SerializeToElement((end - start).TotalSeconds)
            : null;

    private DateTimeOffset? Instant(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(
            value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : null;

    private (string Kind, JsonElement? Details) File()
    {
        foreach (var kind in Kinds)
        {
            if (Json.TryGetProperty(kind, out var file) && file.ValueKind == JsonValueKind.Object)
                return (kind, file);
        }

        return ("log", null);
    }
}
