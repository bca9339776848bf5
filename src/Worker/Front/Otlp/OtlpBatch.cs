namespace Worker.Front.Otlp;

/// <summary>The spans of a request; those that are none stand as a sentence.</summary>
internal sealed record OtlpBatch(IReadOnlyList<OtlpSpan> Spans, IReadOnlyList<string> Faults);
