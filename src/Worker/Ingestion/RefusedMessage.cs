using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>A message that can never succeed, and the letter that has to be durable before it is settled.</summary>
internal sealed record RefusedMessage(InboundMessage Message, DeadLetter Letter);
