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

    /// <summary>ISO 8601 with a zone, or without (taken as UTC).</summary>
    public static long? FromText(string text) =>
        Iso8601().IsMatch(text)
        && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? Timestamps.ToMicroseconds(instant)
            : null;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s?(Z|z|[+-]\d\d(:?\d\d)?)?)?$")]
    private static partial Regex Iso8601();
}
