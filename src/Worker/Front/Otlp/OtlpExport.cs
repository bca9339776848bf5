namespace Worker.Front.Otlp;

/// <summary>What one request brought.</summary>
/// <param name="Spans">Those that can be read, and why the others cannot.</param>
/// <param name="IsProtobuf">How it was written, and how it is answered.</param>
internal sealed record OtlpExport(Queue<ReadSpan> Spans, bool IsProtobuf);
