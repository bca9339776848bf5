using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>What a span cannot do without.</summary>
internal static class OtlpFaults
{
    /// <summary>As a sentence; null where nothing is missing.</summary>
    public static string? Of(string? traceId, string? spanId, long? start, long? end) =>
        IsNone(traceId) ? "A span has no trace id of 16 bytes."
        : IsNone(spanId) ? "A span has no id of 8 bytes."
        : start is not { } began || end is not { } ended || ended <= 0 ? $"Span {spanId} has no start or no end."
        : began < Timestamps.First || began > Timestamps.Last || ended > Timestamps.Last ? $"Span {spanId} has a time that no calendar has."
        : null;

    private static bool IsNone(string? id) => id is null || id.All(digit => digit == '0');
}
