using System.Text;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>What a Log's fields accept: a value becomes what is kept of it, or is dropped and listed.</summary>
internal static class FieldReader
{
    private const string Date = "an ISO 8601 date or Unix seconds, within the years 1 to 9999";

    /// <summary>An empty name says nothing, not even null.</summary>
    public static bool IsEmptyName(Field field, JsonPart part) =>
        field.Reference && part.Type == JsonTokenType.String && part.Value.Utf8.Length == 2;

    /// <summary>What is kept of a value other than null; null where nothing is.</summary>
    public static JsonValue? Accept(Field field, JsonPart part, List<string> problems)
    {
        if (field.Type == FieldType.Status)
            return Status(field.Name, part, problems) is { } status ? JsonValue.FromText(status) : null;

        var value = part.Value;
        JsonValue? accepted = field.Type switch
        {
            FieldType.Any => value,
            FieldType.Text or FieldType.LenientText when part.Type == JsonTokenType.String => value,
            FieldType.LenientText => JsonValue.FromText(value.ToString()),
            FieldType.Number when part.Type == JsonTokenType.Number => value,
            FieldType.Boolean when part.Type is JsonTokenType.True or JsonTokenType.False => value,
            FieldType.Map when part.Type == JsonTokenType.StartObject => value,
            FieldType.List when part.Type == JsonTokenType.StartArray => value,
            FieldType.Date when part.Type == JsonTokenType.String && LenientDate.IsNormal(value.Utf8.Span) => value,
            FieldType.Date when part.Date is { } date => Timestamps.ToJson(date),
            _ => null,
        };
        if (accepted is null)
            problems.Add(part.Dropped(field.Name, Wanted(field.Type)));
        return accepted is { } id && field.Reference && field != LogFields.Path && !IsId(id, field.Name, problems)
            ? null
            : accepted;
    }

    /// <summary>Whether a string can be an id; listed where it is too long to be one.</summary>
    public static bool IsId(JsonValue id, string name, List<string> problems)
    {
        if (id.Utf8.Length - 2 <= MessageDecoder.MaxIdBytes
            || Encoding.UTF8.GetByteCount(id.AsText()!) <= MessageDecoder.MaxIdBytes)
            return true;
        problems.Add($"{name} was dropped: it has more than {MessageDecoder.MaxIdBytes} UTF-8 bytes, which no id has.");
        return false;
    }

    /// <summary>The status in its one form; null where it says nothing that is understood, which is listed.</summary>
    public static string? Status(string name, JsonPart part, List<string> problems)
    {
        if (part.IsNothing)
            return null;
        if (part.Text is not { } text)
            problems.Add(part.Dropped(name, LogStatuses.Accepted));
        else if (LogStatuses.Normalise(text) is { } status)
            return status;
        else
            problems.Add(LogStatuses.Unknown(name, text));
        return null;
    }

    /// <summary>The instant; null where there is none, which is listed where something else is.</summary>
    public static long? Instant(string name, JsonPart part, List<string> problems)
    {
        var instant = part.Date;
        if (instant is null && !part.IsNothing)
            problems.Add(part.Dropped(name, Date));
        return instant;
    }

    private static string Wanted(FieldType type) => type switch
    {
        FieldType.Date => Date,
        FieldType.Number => "a number",
        FieldType.Boolean => "a boolean",
        FieldType.Map => "an object",
        FieldType.List => "an array",
        _ => "a string",
    };
}
