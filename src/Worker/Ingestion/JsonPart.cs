using System.Text.Json;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>One value of a body, cut out of it; the default is one that is not there.</summary>
internal readonly record struct JsonPart(JsonTokenType Type, JsonValue Value)
{
    public bool IsAbsent => Type == JsonTokenType.None;

    public bool IsNull => Type == JsonTokenType.Null;

    /// <summary>Absent or null.</summary>
    public bool IsNothing => IsAbsent || IsNull;

    /// <summary>The text of a string; null of anything else.</summary>
    public string? Text => Type == JsonTokenType.String ? Value.AsText() : null;

    /// <summary>The instant that a string or number says; null of anything else.</summary>
    public long? Date => LenientDate.Read(Type, Value);

    /// <summary>What it is, in words.</summary>
    public string Description => Type switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    /// <summary>The problem of a field that was dropped.</summary>
    public string Dropped(string field, string wanted) =>
        $"{field} was dropped: it is {Description}; it has to be {wanted}.";
}
