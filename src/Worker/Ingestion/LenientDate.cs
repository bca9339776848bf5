using System.Buffers.Text;
using System.Globalization;
using System.Text.RegularExpressions;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>Dates as real clients send them, in microseconds since the Unix epoch.</summary>
internal static partial class LenientDate
{
    /// <summary>From here on a number is taken as milliseconds.</summary>
    private const double FirstMilliseconds = 1e11;

    private static readonly long Earliest = Timestamps.ToMicroseconds(DateTimeOffset.MinValue);
    private static readonly long Latest = Timestamps.ToMicroseconds(DateTimeOffset.MaxValue);

    /// <summary>Unix seconds, or milliseconds from 1e11 on; null when no calendar has the day.</summary>
    public static long? FromNumber(ReadOnlySpan<byte> number)
    {
        if (!Utf8Parser.TryParse(number, out double value, out var used) || used != number.Length)
            return null;

        var microseconds = Math.Round(value * (Math.Abs(value) >= FirstMilliseconds ? 1e3 : 1e6));
        return microseconds >= Earliest && microseconds <= Latest ? (long)microseconds : null;
    }

    /// <summary>ISO 8601 with a zone, or without (taken as UTC), as a JSON string.</summary>
    public static long? FromText(JsonValue json) => FromUtc(json.Utf8.Span) ?? FromText(json.AsText()!);

    /// <summary>True for a JSON string that already is as <see cref="Timestamps.Format"/> writes it.</summary>
    public static bool IsNormal(ReadOnlySpan<byte> json) => json.Length is 22 or 29 && FromUtc(json) is { } instant && (json.Length == 22) == (instant % 1_000_000 == 0);

    /// <summary>The usual form, <c>"2026-01-02T03:04:05.678Z"</c> with up to six digits of a second, read without allocating.</summary>
    private static long? FromUtc(ReadOnlySpan<byte> json)
    {
        if (json.Length is < 22 or > 29 || json[5] != '-' || json[8] != '-' || json[11] != 'T' || json[14] != ':' || json[17] != ':' || json[^2] != 'Z')
            return null;
        var fraction = json.Length == 22 ? 0 : json[20] == '.' ? Digits(json[21..^2]) : null;
        if (Digits(json[1..5]) is not { } year || Digits(json[6..8]) is not { } month || Digits(json[9..11]) is not { } day
            || Digits(json[12..14]) is not { } hour || Digits(json[15..17]) is not { } minute || Digits(json[18..20]) is not { } second || fraction is not { } part)
        {
            return null;
        }

        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return null;
        for (var digits = json.Length - 23; digits is > 0 and < 6; digits++)
            part *= 10;
        return Timestamps.ToMicroseconds(new(year, month, day, hour, minute, second, TimeSpan.Zero)) + part;
    }

    private static int? Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
                return null;
            number = (number * 10) + (digit - '0');
        }

        return text.IsEmpty ? null : number;
    }

    private static long? FromText(string text) =>
        Iso8601().IsMatch(text)
        && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? Timestamps.ToMicroseconds(instant)
            : null;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s?(Z|z|[+-]\d\d(:?\d\d)?)?)?$")]
    private static partial Regex Iso8601();
}
