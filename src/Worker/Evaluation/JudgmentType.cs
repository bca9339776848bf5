using System.Collections.Immutable;
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

    private string? Problem(JsonElement judgment) => Returns switch
    {
        ReturnType.Boolean => judgment.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? null
            : Not("a boolean", judgment),
        ReturnType.Number => judgment.ValueKind == JsonValueKind.Number
            ? OutsideLimits(judgment.GetDouble())
            : Not("a number", judgment),
        ReturnType.Text => judgment.ValueKind == JsonValueKind.String ? null : Not("a text", judgment),
        ReturnType.Select => judgment.ValueKind == JsonValueKind.String
            ? NoOption(judgment)
            : Not("one of the options", judgment),
        _ => judgment.ValueKind == JsonValueKind.Array
            ? judgment.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.String ? NoOption(each) : Not("a list of options", judgment)).FirstOrDefault(problem => problem is not null)
            : Not("a list of options", judgment),
    };

    private string? OutsideLimits(double number) =>
        number < Min ? FormattableString.Invariant($"The judgment {number} is below the least accepted number, {Min}.")
        : number > Max ? FormattableString.Invariant($"The judgment {number} is above the greatest accepted number, {Max}.")
        : null;

    private string? NoOption(JsonElement option) =>
        Options.IsEmpty || Options.Contains(option.GetString()!) ? null
            : $"The judgment {option.GetRawText()} is not one of the options: {string.Join(", ", Options)}.";

    private static string Not(string what, JsonElement judgment) =>
        $"The judgment is a JSON {judgment.ValueKind.ToString().ToLowerInvariant()}, not {what} as return_type says.";
}
