namespace Worker.Front.Otlp;

/// <summary>Another span, of this or another trace, that a span names besides its parent. Ids in lower hex.</summary>
internal sealed record SpanLink(string TraceId, string SpanId);
