using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>A span's nanoseconds as the domain's microseconds.</summary>
internal static class SpanTimes
{
    private const ulong NanosOfAMicro = 1_000;

    /// <summary>Null where it does not say, or says what no calendar has.</summary>
    public static long? Micros(ulong unixNano) =>
        unixNano == 0 ? null : Timestamps.InRange((long)(unixNano / NanosOfAMicro));

    /// <summary>How long it took; null where it does not say, or ended before it began.</summary>
    public static decimal? Seconds(Span span) =>
        span.StartUnixNano > 0 && span.EndUnixNano >= span.StartUnixNano
            ? (span.EndUnixNano - span.StartUnixNano) / 1e9m
            : null;
}
