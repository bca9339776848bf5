using System.Globalization;
using System.Text.Json;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Assessment;

/// <summary>Judgments as texts that are the same where the judgments are.</summary>
internal static class Judgments
{
    /// <summary>The squares of such numbers could not be summed.</summary>
    private const double TooLarge = 1e100;

    /// <summary>
    /// Null where it is not of that type, or can be compared with nothing. Options of a <c>multi_select</c> are a set:
    /// their order says nothing.
    /// </summary>
    public static string? Text(ReturnType returns, JsonValue judgment)
    {
        var json = JsonElement.Parse(judgment.Utf8.Span);
        return (returns, json.ValueKind) switch
        {
            (ReturnType.Boolean, JsonValueKind.True or JsonValueKind.False) => json.GetRawText(),
            (ReturnType.Number, JsonValueKind.Number) when Math.Abs(Number(json.GetRawText())) < TooLarge =>
                json.GetRawText(),
            (ReturnType.Select, JsonValueKind.String) => json.GetString(),
            (ReturnType.MultiSelect, JsonValueKind.Array) => Set(json),
            _ => null,
        };
    }

    /// <summary>An abstention is no judgment, be it written as JSON's null.</summary>
    public static JsonValue? Given(JsonValue? judgment) =>
        judgment is { } json && !json.Utf8.Span.SequenceEqual("null"u8) ? json : null;

    /// <summary>It is no verdict yet: the Evaluator said that it judges by itself, from outside.</summary>
    public static bool ComesLater(EvaluatorLog verdict) =>
        verdict is { Judgment: null, Error: null, Details: { } details }
        && JsonElement.Parse(details.Utf8.Span).TryGetProperty("later", out var later)
        && later.ValueKind == JsonValueKind.True;

    public static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Whatever it is, as people write it.</summary>
    public static string Plain(JsonValue judgment) => judgment.AsText() ?? judgment.ToString();

    /// <summary>What people write, as a judgment of that type where it can be one.</summary>
    public static JsonValue Of(ReturnType returns, string text) =>
        returns == ReturnType.Boolean && text is "true" or "false" ? JsonValue.Parse(text)
        : returns == ReturnType.Number && double.TryParse(
            text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Parse(number.ToString("R", CultureInfo.InvariantCulture))
        : JsonValue.FromText(text);

    private static string? Set(JsonElement options) =>
        options.EnumerateArray().Any(option => option.ValueKind != JsonValueKind.String)
            ? null
            : "[" + string.Join(", ", options.EnumerateArray()
                .Select(option => $"\"{option.GetString()}\"")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)) + "]";
}
