using System.Globalization;

namespace Worker.Traces;

/// <summary>Instants as the domain keeps them: microseconds since the Unix epoch, UTC.</summary>
internal static class Timestamps
{
    public static long ToMicroseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToInstant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>ISO 8601 in UTC with as many fraction digits as are needed, none or six, e.g. <c>2026-01-02T03:04:05Z</c>.</summary>
    public static string Format(long microseconds)
    {
        var instant = ToInstant(microseconds);
        var form = microseconds % 1_000_000 == 0 ? "yyyy-MM-ddTHH:mm:ss'Z'" : "yyyy-MM-ddTHH:mm:ss.ffffff'Z'";
        return instant.UtcDateTime.ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>Reads ISO 8601 with a zone, or without (taken as UTC); null when it is not that.</summary>
    public static long? Parse(string? text) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant)
            ? ToMicroseconds(instant)
            : null;
}
