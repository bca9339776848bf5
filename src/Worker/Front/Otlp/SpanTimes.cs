using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>A span's nanoseconds as the domain's microseconds.</summary>
internal static class SpanTimes
{
    private const ulong NanosOfAMicro = 1_000;

    /// <summary>Null where it does not say, or says what no calendar has.</summary>
    public static long? Micros(ulong unixNano) =>
        unixNano == 0 ? null : Timestamps.InRange((long)(unixNano / NanosOfAMicro));
}
