using System.Globalization;
using System.Text.RegularExpressions;

namespace Worker.Traces;

/// <summary>
/// Durations as people write them: <c>250ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>, <c>7d</c>; never negative.
/// </summary>
internal static partial class DurationText
{
    /// <summary>Null when the text is no duration.</summary>
    public static double? Seconds(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return null;

        var number = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "ms" => number / 1000,
            "s" => number,
            "m" => number * 60,
            "h" => number * 3600,
            _ => number * 86_400,
        };
    }

    [GeneratedRegex(@"\A([0-9]*\.?[0-9]+)\s?(ms|s|m|h|d)\z")]
    private static partial Regex Form();
}
