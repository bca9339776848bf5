using System.Globalization;
using System.Text;

namespace Worker.Traces;

/// <summary>
/// Instants as the domain keeps them: microseconds since the Unix epoch, UTC, within the years 1 to 9999.
/// </summary>
internal static class Timestamps
{
    /// <summary>0001-01-01T00:00:00Z.</summary>
    public static readonly long First = ToMicroseconds(DateTimeOffset.MinValue);

    /// <summary>9999-12-31T23:59:59.999999Z.</summary>
    public static readonly long Last = ToMicroseconds(DateTimeOffset.MaxValue);

    public static long ToMicroseconds(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>
    /// Throws where no calendar has the instant: what comes from outside goes through <see cref="InRange"/> first.
    /// </summary>
    public static DateTimeOffset ToInstant(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The same; null outside <see cref="First"/> and <see cref="Last"/>.</summary>
    public static long? InRange(long microseconds) => microseconds >= First && microseconds <= Last
        ? microseconds
        : null;

    /// <summary>
    /// ISO 8601 in UTC with as many fraction digits as are needed, none or six, e.g. <c>2026-01-02T03:04:05Z</c>.
    /// </summary>
    public static string Format(long microseconds) =>
        ToInstant(microseconds).UtcDateTime.ToString(FormOf(microseconds), CultureInfo.InvariantCulture);

    /// <summary>The JSON string of <see cref="Format"/>.</summary>
    public static JsonValue ToJson(long microseconds)
    {
        Span<byte> text = stackalloc byte[32];
        ToInstant(microseconds).UtcDateTime.TryFormat(
            text, out var length, FormOf(microseconds), CultureInfo.InvariantCulture);
        byte[] json = [(byte)'"', .. text[..length], (byte)'"'];
        return new(json);
    }

    /// <summary>Reads ISO 8601 with a zone, or without (taken as UTC); null when it is not that.</summary>
    public static long? Parse(string? text) => text is null ? null : Iso8601.Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>As <see cref="Parse(string)"/>, of a JSON string; null of any other value.</summary>
    public static long? Parse(JsonValue? json)
    {
        if (json is not { } value || value.Utf8.Span is not [(byte)'"', .. var text, (byte)'"'])
            return null;
        return text.Contains((byte)'\\') ? Parse(value.AsText()) : Iso8601.Parse(text);
    }

    private static string FormOf(long microseconds) =>
        microseconds % 1_000_000 == 0 ? "yyyy-MM-ddTHH:mm:ss'Z'" : "yyyy-MM-ddTHH:mm:ss.ffffff'Z'";
}
