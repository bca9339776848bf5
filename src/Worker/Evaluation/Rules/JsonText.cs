using System.Text.Json;

namespace Worker.Evaluation.Rules;

/// <summary>Texts that are JSON: an <c>output</c> often is.</summary>
internal static class JsonText
{
    /// <summary>Null when the text is not one JSON value.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The number that a JSON number, or a text spelling one, is; null for anything else.</summary>
    public static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when Parse(value.GetString()!) is { ValueKind: JsonValueKind.Number } number =>
            number.GetDouble(),
        _ => null,
    };
}
