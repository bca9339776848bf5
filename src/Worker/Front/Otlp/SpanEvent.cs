namespace Worker.Front.Otlp;

/// <summary>Something that happened during a span.</summary>
/// <param name="UnixNano">When; 0 where it does not say.</param>
internal sealed record SpanEvent(string Name, ulong UnixNano, SpanAttributes Attributes);
