namespace Worker.Ingestion;

/// <summary>
/// What became of messages that are durable now, known already, or refused. Each message is counted once: the sum of
/// the counts is the number of messages.
/// </summary>
internal readonly record struct ChunkResult(int Stored, int Unchanged, int Collapsed, int Absorbed, int Refused)
{
    /// <summary>Messages that reached the store.</summary>
    public int Taken => Stored + Unchanged + Collapsed + Absorbed;

    public static ChunkResult operator +(ChunkResult left, ChunkResult right) => new(
        left.Stored + right.Stored,
        left.Unchanged + right.Unchanged,
        left.Collapsed + right.Collapsed,
        left.Absorbed + right.Absorbed,
        left.Refused + right.Refused);
}
