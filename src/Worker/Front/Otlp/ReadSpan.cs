namespace Worker.Front.Otlp;

/// <summary>A span of an export, or why it is none.</summary>
/// <param name="Span">Null where it cannot be read.</param>
/// <param name="Fault">A sentence without a full stop; null where there is a span.</param>
internal readonly record struct ReadSpan(Span? Span, string? Fault);
