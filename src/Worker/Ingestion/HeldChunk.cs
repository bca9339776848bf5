namespace Worker.Ingestion;

/// <summary>Messages that are taken from a source and not settled yet, in order, to be processed together.</summary>
/// <param name="Since">When the oldest of them was taken, as a timestamp of the <see cref="TimeProvider"/>.</param>
internal sealed record HeldChunk(IReadOnlyList<InboundMessage> Messages, long Bytes, long Since);
