namespace Worker.Traces;

/// <summary>One Log's place in a <see cref="TraceShape"/>.</summary>
/// <param name="Parent">
/// The place of the Log it is under; below 0 for the head, and for what is under nothing that was read.
/// </param>
/// <param name="Version">The stored version that was read.</param>
/// <param name="Bytes">See <see cref="LogSize"/>.</param>
/// <param name="Own">What it says of itself alone.</param>
internal readonly record struct TraceNode(
    int Parent, LogKind Kind, int Version, int Bytes, long FirstReceivedAt, LogSpan Own);
