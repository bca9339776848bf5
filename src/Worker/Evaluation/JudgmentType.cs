using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>What an Evaluator may answer.</summary>
/// <param name="Options">
/// The accepted options of <see cref="ReturnType.Select"/> and <see cref="ReturnType.MultiSelect"/>; any when empty.
/// </param>
/// <param name="Min">The least accepted number; null is no limit.</param>
/// <param name="Max">The greatest accepted number; null is no limit.</param>
internal sealed record JudgmentType(ReturnType Returns, ImmutableArray<string> Options, double? Min, double? Max)
{
    /// <summary>
    /// Null when the judgment is accepted, as an abstention (null) always is; else a sentence that says why it is not.
    /// </summary>
    public string? Problem(JsonValue? judgment)
    {
        if (judgment is not { } value)
            return null;

        var element = JsonElement.Parse(value.Utf8.Span);
        return element.ValueKind == JsonValueKind.Null ? null : Problem(element);
    }

    /// <summary>
    /// What an Evaluator's <c>spec</c> says of its judgments: <c>return_type</c>, the names of <c>options</c>, and
    /// <c>number_limits</c>, each as far as it can be read. Null where no return type can.
    /// </summary>
    public static JudgmentType? OfSpec(JsonValue spec)
    {
        var said = JsonElement.Parse(spec.Utf8.Span);
        if (said.ValueKind != JsonValueKind.Object
            || Member(said, "return_type") is not { ValueKind: JsonValueKind.String } name
            || Array.Find(Enum.GetNames<ReturnType>(), IsMeant) is not { } known)
            return null;

        var options = Member(said, "options") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(NameOf).OfType<string>()
            : [];
        var limits = Member(said, "number_limits");
        return new(Enum.Parse<ReturnType>(known), [.. options], Limit(limits, "min"), Limit(limits, "max"));

        bool IsMeant(string each) => name.ValueEquals(JsonNamingPolicy.SnakeCaseLower.ConvertName(each));
    }

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var member) ? member : null;

    private static string? NameOf(JsonElement option) =>
        Member(option, "name") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;

    private static double? Limit(JsonElement? limits, string name) =>
        Member(limits, name) is { ValueKind: JsonValueKind.Number } limit ? Number(limit) : null;

    private static double Number(JsonElement number) =>
        double.Parse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private string? Problem(JsonElement judgment) => Returns switch
    {
        ReturnType.Boolean => judgment.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? null
            : Not("a boolean", judgment),
        ReturnType.Number => judgment.ValueKind == JsonValueKind.Number
            ? OutsideLimits(Number(judgment))
            : Not("a number", judgment),
        ReturnType.Text => judgment.ValueKind == JsonValueKind.String ? null : Not("a text", judgment),
        ReturnType.Select => judgment.ValueKind == JsonValueKind.String
            ? NoOption(judgment)
            : Not("one of the options", judgment),
        _ => judgment.ValueKind == JsonValueKind.Array
            ? judgment.EnumerateArray().Select(NotAnOption).FirstOrDefault(problem => problem is not null)
            : Not("a list of options", judgment),
    };

    private string? NotAnOption(JsonElement each) =>
        each.ValueKind == JsonValueKind.String ? NoOption(each) : Not("a list of options", each);

    private string? OutsideLimits(double number) =>
        number < Min
            ? FormattableString.Invariant($"The judgment {number} is below the least accepted number, {Min}.")
        : number > Max
            ? FormattableString.Invariant($"The judgment {number} is above the greatest accepted number, {Max}.")
        : null;

    private string? NoOption(JsonElement option) =>
        Options.IsEmpty || Options.Contains(option.GetString()!) ? null
            : $"The judgment {option.GetRawText()} is not one of the options: {string.Join(", ", Options)}.";

    private static string Not(string what, JsonElement judgment) =>
        $"The judgment is a JSON {judgment.ValueKind.ToString().ToLowerInvariant()}, not {what} as return_type says.";
}
