using System.Globalization;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Dates as real clients send them, in microseconds since the Unix epoch. Total: what is no date is null.
/// </summary>
internal static class LenientDate
{
    /// <summary>From here on a number is taken as milliseconds.</summary>
    private const decimal FirstMilliseconds = 1e11m;

    /// <summary>Far beyond any calendar, and far below where a decimal ends.</summary>
    private const decimal Limit = 1e15m;

    /// <summary>A JSON number or string.</summary>
    public static long? Read(JsonTokenType type, JsonValue value) => type switch
    {
        JsonTokenType.Number => FromNumber(value.Utf8.Span),
        JsonTokenType.String => Timestamps.Parse(value),
        _ => null,
    };

    /// <summary>True for a JSON string that already is as <see cref="Timestamps.Format"/> writes it.</summary>
    public static bool IsNormal(ReadOnlySpan<byte> json)
    {
        if (json.Length is not (22 or 29) || json[11] != 'T' || json[^2] != 'Z'
            || (json.Length == 29 && (json[20] != '.' || !char.IsAsciiDigit((char)json[^3]))))
            return false;
        return Iso8601.Parse(json[1..^1]) is { } instant && (json.Length == 22) == (instant % 1_000_000 == 0);
    }

    /// <summary>Unix seconds, or milliseconds from 1e11 on; null when no calendar has the instant.</summary>
    private static long? FromNumber(ReadOnlySpan<byte> number)
    {
        if (!decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            || Math.Abs(value) > Limit)
            return null;
        return Timestamps.InRange((long)Math.Round(value * (Math.Abs(value) >= FirstMilliseconds ? 1_000 : 1_000_000)));
    }
}
