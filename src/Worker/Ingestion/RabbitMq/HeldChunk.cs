namespace Worker.Ingestion.RabbitMq;

/// <summary>Deliveries without a gap between them, in order, to be processed together and acknowledged by the last one's tag.</summary>
/// <param name="Since">When the oldest of them was delivered.</param>
internal sealed record HeldChunk(IReadOnlyList<InboundMessage> Messages, long Bytes, long Since)
{
    public ulong LastTag => (ulong)Messages[^1].Tag;
}
