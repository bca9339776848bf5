namespace Worker.Ingestion;

/// <summary>A message that failed alone, and how.</summary>
internal sealed record FailedMessage(InboundMessage Message, Exception Fault);
