using System.Globalization;
using Worker.Traces;

namespace Worker.Retention;

/// <summary>Lengths of time as people write them: <c>30d</c>, <c>12h</c>, <c>90m</c>, <c>30.00:00:00</c>.</summary>
internal static class Age
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Null when the text is none, or of more than a hundred years.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (DurationText.Seconds(text) is { } seconds)
            return seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

        // With colons: a bare number would be days, and is most likely a mistake.
        return text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var age)
            && age >= TimeSpan.Zero && age <= Longest
                ? age
                : null;
    }
}
