using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Worker.Evaluation.Rules;
using Worker.Traces;

namespace Worker.Evaluation.Models;

/// <summary>
/// Reads a model's answer. JSON is read wherever it is the whole answer, since not every service does what it is asked
/// for; the last line only where that was asked for.
/// </summary>
internal static partial class AnswerReader
{
    private static readonly char[] Ornaments = ['*', '`', '"', '\'', '.', ' ', '\t'];

    /// <summary>Null where no judgment can be made out.</summary>
    /// <param name="arguments">Those of the call of <see cref="AnswerShape.Tool"/>; null where there is none.</param>
    /// <param name="text">What the model said beside it.</param>
    public static ModelVerdict? Read(AnswerFormat format, string? arguments, string text, JudgmentType returns)
    {
        if (arguments is not null)
            return JsonText.Parse(arguments) is { } called ? OfJson(called) : null;
        var answer = Thoughts().Replace(text, "").Trim();
        var verdict = JsonText.Parse(Unfenced(answer)) is { } json ? OfJson(json) : null;
        return verdict ?? (format == AnswerFormat.LastLine ? OfLastLine(answer, returns) : null);
    }

    private static ModelVerdict? OfJson(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(AnswerShape.Judgment, out var judgment))
            return null;
        try
        {
            var reason = json.TryGetProperty(AnswerShape.Reason, out var said) && said.ValueKind == JsonValueKind.String
                ? said.GetString()
                : null;
            return new(
                judgment.ValueKind == JsonValueKind.Null ? null : JsonValue.Parse(TraceLog.Quoted(judgment)), reason);
        }
        catch (Exception fault) when (fault is InvalidOperationException or JsonException)
        {
            // Half a character, which no text of ours may hold.
            return null;
        }
    }

    private static ModelVerdict? OfLastLine(string answer, JudgmentType returns)
    {
        var at = answer.LastIndexOf('\n');
        var line = Label().Replace(answer[(at + 1)..], "").Trim(Ornaments);
        var reason = at < 0 ? null : answer[..at].Trim();
        if (line.Equals("null", StringComparison.OrdinalIgnoreCase))
            return new(null, reason);
        return Judgment(line, returns) is { } judgment ? new(judgment, reason) : null;
    }

    private static JsonValue? Judgment(string line, JudgmentType returns) => returns.Returns switch
    {
        _ when line.Length == 0 => null,
        ReturnType.Boolean => line.ToUpperInvariant() switch
        {
            "TRUE" or "YES" => JsonValue.Parse("true"),
            "FALSE" or "NO" => JsonValue.Parse("false"),
            _ => null,
        },
        ReturnType.Number => double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? JsonValue.Parse(number.ToString("R", CultureInfo.InvariantCulture))
            : null,
        ReturnType.Select => JsonValue.FromText(Option(line, returns)),
        ReturnType.MultiSelect => JsonText.Parse(line) is { ValueKind: JsonValueKind.Array } list
            ? JsonValue.Parse(list.GetRawText())
            : null,
        _ => JsonValue.FromText(line),
    };

    /// <summary>The option as the file spells it.</summary>
    private static string Option(string line, JudgmentType returns) =>
        returns.Options.FirstOrDefault(option => option.Equals(line, StringComparison.OrdinalIgnoreCase)) ?? line;

    private static string Unfenced(string answer)
    {
        const string Fence = "```";
        var start = answer.StartsWith(Fence, StringComparison.Ordinal) ? answer.IndexOf('\n') : -1;
        return start > 0 && answer.Length - start > Fence.Length && answer.EndsWith(Fence, StringComparison.Ordinal)
            ? answer[start..^Fence.Length]
            : answer;
    }

    /// <summary>Models that think aloud before they answer.</summary>
    [GeneratedRegex(@"\A\s*<think>.*?</think>", RegexOptions.Singleline)]
    private static partial Regex Thoughts();

    [GeneratedRegex(@"\A[\s*]*(final\s+)?judge?ment[\s*]*:", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
