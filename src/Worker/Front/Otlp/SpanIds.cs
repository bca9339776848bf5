using System.Buffers;

namespace Worker.Front.Otlp;

/// <summary>
/// The ids of traces and spans, in lower hex. The protocol's JSON has them in hex; what prints any protobuf message as
/// JSON, as Python does, has them in base64. The lengths tell which.
/// </summary>
internal static class SpanIds
{
    private const int TraceBytes = 16;
    private const int SpanBytes = 8;

    /// <summary>Throws <see cref="BadSpanException"/>.</summary>
    public static string Trace(string? text) => Of(text, TraceBytes) ?? throw Bad("traceId", TraceBytes);

    public static string Trace(ReadOnlySpan<byte> bytes) => Of(bytes, TraceBytes) ?? throw Bad("trace_id", TraceBytes);

    public static string Span(string? text) => Of(text, SpanBytes) ?? throw Bad("spanId", SpanBytes);

    public static string Span(ReadOnlySpan<byte> bytes) => Of(bytes, SpanBytes) ?? throw Bad("span_id", SpanBytes);

    /// <summary>Null where it names none: absent, empty, or all zero.</summary>
    public static string? Parent(string? text) =>
        IsNothing(text) ? null : Of(text, SpanBytes) ?? throw Bad("parentSpanId", SpanBytes);

    public static string? Parent(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0)
        ? null
        : Of(bytes, SpanBytes) ?? throw Bad("parent_span_id", SpanBytes);

    /// <summary>Null where it names no span: a link is worth no fault.</summary>
    public static SpanLink? Link(string? trace, string? span) =>
        Of(trace, TraceBytes) is { } traceId && Of(span, SpanBytes) is { } spanId ? new(traceId, spanId) : null;

    public static SpanLink? Link(ReadOnlySpan<byte> trace, ReadOnlySpan<byte> span) =>
        Of(trace, TraceBytes) is { } traceId && Of(span, SpanBytes) is { } spanId ? new(traceId, spanId) : null;

    private static bool IsNothing(string? text) =>
        string.IsNullOrEmpty(text) || !text.AsSpan().ContainsAnyExcept('0') || text is "AAAAAAAAAAA=";

    private static string? Of(string? text, int length)
    {
        Span<byte> bytes = stackalloc byte[TraceBytes + 2];
        if (text?.Length == 2 * length)
            return Convert.FromHexString(text, bytes, out _, out var read) == OperationStatus.Done
                ? Of(bytes[..read], length)
                : null;
        return text is { Length: <= 24 } && Convert.TryFromBase64String(text, bytes, out var written)
            ? Of(bytes[..written], length)
            : null;
    }

    private static string? Of(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length && bytes.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(bytes) : null;

    private static BadSpanException Bad(string name, int length) =>
        new($"{name} is not {length} bytes, or all of them are zero; send them in hex");
}
