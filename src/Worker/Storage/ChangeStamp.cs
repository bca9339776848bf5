using System.Globalization;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// When something was said that later words replace, as stores write and compare it: as text, the later one stands
/// higher.
/// </summary>
internal static class ChangeStamp
{
    private const int Digits = 20;

    public static string Of(long occurredAt, string messageId) =>
        (occurredAt - Timestamps.First).ToString("D20", CultureInfo.InvariantCulture) + messageId;

    /// <summary>Of a text that <see cref="Of"/> wrote.</summary>
    public static (long OccurredAt, string MessageId) Parse(string stamp) => (
        long.Parse(stamp.AsSpan(0, Digits), CultureInfo.InvariantCulture) + Timestamps.First, stamp[Digits..]);
}
