namespace Worker.Client;

/// <summary>One call, as it goes to the broker or to the disk.</summary>
/// <param name="Type">AMQP type and routing key.</param>
/// <param name="MessageId">Minted by the call, so that whoever gets it twice knows it for the same.</param>
/// <param name="TraceParent">The span that the call was made in; null where none is recorded.</param>
/// <param name="Body">JSON.</param>
internal sealed record OutgoingMessage(
    string Type, string MessageId, string? TraceParent, ReadOnlyMemory<byte> Body);
