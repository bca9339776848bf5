namespace MongoGateway.Wire;

/// <summary>One message of a client.</summary>
/// <param name="Sequence">
/// The documents of a section of kind 1, one after the other, which the engine takes as they are; null: no such
/// section.
/// </param>
/// <param name="AwaitsReply">False for an unacknowledged write.</param>
internal sealed record WireMessage(
    int RequestId, int OpCode, byte[] Body, Memory<byte>? Sequence, string? Namespace, bool AwaitsReply);
