using System.Globalization;
using Worker.Storage;

namespace Worker.Alerts;

/// <summary>Alerts and what they measure as people read them.</summary>
internal static class AlertWords
{
    public static string NameOf(AlertMeasure measure) => measure switch
    {
        AlertMeasure.LatencyP95 => "latency_p95",
        _ => EnumName<AlertMeasure>.Of(measure),
    };

    /// <summary>As <c>rate of false of checks/tone above 0.1 in 1h</c>.</summary>
    public static string Of(Alert alert)
    {
        var judgment = alert.Judgment is { } value ? $" of {value}" : "";
        var evaluator = alert.Evaluator is { } path ? $" of {path}" : "";
        var window = alert.Window > TimeSpan.Zero ? $" in {Window(alert.Window)}" : "";
        return $"{NameOf(alert.Measure)}{judgment}{evaluator} {Side(alert)} {Value(alert.Bound.Limit)}{window}";
    }

    public static string Side(Alert alert) => alert.Bound.IsCeiling ? "above" : "below";

    public static string Value(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Window(TimeSpan window) => window switch
    {
        { TotalHours: >= 1 } when window.Ticks % TimeSpan.TicksPerHour == 0 => $"{window.TotalHours}h",
        { TotalMinutes: >= 1 } when window.Ticks % TimeSpan.TicksPerMinute == 0 => $"{window.TotalMinutes}m",
        _ => Value(window.TotalSeconds) + "s",
    };
}
