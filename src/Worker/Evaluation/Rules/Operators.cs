using System.Text.Json;
using System.Text.RegularExpressions;
using Worker.Evaluation.Yaml;
using Worker.Traces;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Rules;

/// <summary>The comparisons of a condition, made from what the file gives to compare with.</summary>
internal static class Operators
{
    /// <summary>
    /// Those that compare a value. <c>exists</c>, which needs none, is read by <see cref="ConditionReader"/>.
    /// </summary>
    public static readonly IReadOnlyList<string> Names =
        ["equals", "not_equals", "contains", "regex", "gt", "gte", "lt", "lte"];

    /// <summary>The comparisons that a measure accepts.</summary>
    public static readonly IReadOnlyList<string> OfNumbers = ["equals", "not_equals", "gt", "gte", "lt", "lte"];

    /// <summary>Null, with the reason, when the operator cannot compare with that.</summary>
    public static Func<JsonElement, bool>? Create(string name, YamlNode operand, out string problem)
    {
        problem = "";
        switch (name)
        {
            case "equals":
                return IsEqual(YamlJson.ToJson(operand));
            case "not_equals":
                var same = IsEqual(YamlJson.ToJson(operand));
                return value => !same(value);
            case "contains":
                return Contains(operand, out problem);
            case "regex":
                return Matches(operand, out problem);
            default:
                return Compare(name, operand, out problem) is { } holds
                    ? value => JsonText.Number(value) is { } number && holds(number)
                    : null;
        }
    }

    /// <summary>A comparison with a number or a duration.</summary>
    public static Func<double, bool>? Compare(string name, YamlNode operand, out string problem)
    {
        problem = "";
        var number = YamlJson.Number(operand)
            ?? (operand is YamlScalarNode { Value: { } text } ? DurationText.Seconds(text) : null);
        if (number is not { } limit)
        {
            problem = "a number is accepted, or a duration such as 250ms, 10s, 2m";
            return null;
        }

        return name switch
        {
            "equals" => value => value == limit,
            "not_equals" => value => value != limit,
            "gt" => value => value > limit,
            "gte" => value => value >= limit,
            "lt" => value => value < limit,
            _ => value => value <= limit,
        };
    }

    /// <summary>JSON equality; a text compared with something else than a text is read as JSON first.</summary>
    private static Func<JsonElement, bool> IsEqual(JsonValue expected)
    {
        var text = expected.AsText();
        return value => text is not null
            ? value.ValueKind == JsonValueKind.String && value.ValueEquals(text)
            : (value.ValueKind == JsonValueKind.String ? JsonText.Parse(value.GetString()!) : value) is { } actual
                && CanonicalJson.AreEqual(JsonValue.Parse(actual.GetRawText()), expected);
    }

    /// <summary>A text holds a text; a list holds an item.</summary>
    private static Func<JsonElement, bool>? Contains(YamlNode operand, out string problem)
    {
        problem = operand is YamlScalarNode ? "" : "a text is accepted, or a number or boolean that a list may hold";
        if (operand is not YamlScalarNode scalar)
            return null;

        var item = IsEqual(YamlJson.ToJson(operand));
        return value => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Contains(scalar.Value ?? "", StringComparison.Ordinal),
            JsonValueKind.Array => value.EnumerateArray().Any(item),
            _ => false,
        };
    }

    /// <summary>Over a text, or over the JSON of anything else.</summary>
    private static Func<JsonElement, bool>? Matches(YamlNode operand, out string problem)
    {
        problem = "a regular expression is accepted";
        if (operand is not YamlScalarNode { Value: { } pattern })
            return null;
        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return value => regex.IsMatch(
                value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
        }
        catch (Exception mistake) when (mistake is ArgumentException or NotSupportedException)
        {
            problem = $"{mistake.Message.TrimEnd('.')}; " +
                "accepted are regular expressions of .NET without lookaround, backreferences and atomic groups";
            return null;
        }
    }
}
