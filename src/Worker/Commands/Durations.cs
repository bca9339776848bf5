using System.Globalization;

namespace Worker.Commands;

/// <summary>Lengths of time as people say them.</summary>
internal static class Durations
{
    public static string Words(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 10 } => Number(time.TotalMilliseconds, "0.##", "ms"),
        { TotalSeconds: < 1 } => Number(time.TotalMilliseconds, "0", "ms"),
        { TotalMinutes: < 1 } => Number(time.TotalSeconds, "0.0", "s"),
        { TotalHours: < 1 } => Number(time.TotalMinutes, "0.0", "min"),
        { TotalDays: < 1 } => Number(time.TotalHours, "0.0", "h"),
        _ => Number(time.TotalDays, "0", "d"),
    };

    private static string Number(double value, string format, string unit) =>
        value.ToString(format, CultureInfo.InvariantCulture) + " " + unit;
}
