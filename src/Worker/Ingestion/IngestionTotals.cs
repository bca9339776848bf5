namespace Worker.Ingestion;

/// <summary>
/// What became of every message this process received: <see cref="Received"/> is the sum of the others and of what is
/// in hand.
/// </summary>
internal readonly record struct IngestionTotals(
    long Received, long Stored, long Unchanged, long Collapsed, long Absorbed, long Refused, long Returned)
{
    /// <summary>Dealt with for good.</summary>
    public long Settled => Stored + Unchanged + Collapsed + Absorbed + Refused;

    /// <summary>Neither dealt with nor returned yet; 0 once the worker has stopped.</summary>
    public long InHand => Received - Settled - Returned;
}
