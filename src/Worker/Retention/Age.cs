using System.Globalization;

namespace Worker.Retention;

/// <summary>Lengths of time as people write them: <c>30d</c>, <c>12h</c>, <c>90m</c>, <c>30.00:00:00</c>.</summary>
internal static class Age
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Null when the text is none, or of more than a hundred years.</summary>
    public static TimeSpan? Parse(string text)
    {
        var age = text.Length == 0 ? null : text[^1] switch
        {
            'd' => Times(text, TimeSpan.TicksPerDay),
            'h' => Times(text, TimeSpan.TicksPerHour),
            'm' => Times(text, TimeSpan.TicksPerMinute),
            's' => Times(text, TimeSpan.TicksPerSecond),
            _ => Exact(text),
        };
        return age >= TimeSpan.Zero && age <= Longest ? age : null;
    }

    private static TimeSpan? Times(string text, long ticks) =>
        int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= Longest.Ticks / ticks
            ? TimeSpan.FromTicks(number * ticks)
            : null;

    /// <summary>With colons: a bare number would be days, and is most likely a mistake.</summary>
    private static TimeSpan? Exact(string text) =>
        text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time
            : null;
}
