namespace Worker.Front.Otlp;

/// <summary>What became of a batch.</summary>
/// <param name="LogIds">Of the spans that were taken, in their order.</param>
/// <param name="Rejected">Spans that can never be taken.</param>
/// <param name="Fault">Why the first of those cannot; null where there are none.</param>
internal sealed record TakenSpans(IReadOnlyList<string> LogIds, int Rejected, string? Fault);
