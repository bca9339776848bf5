namespace Worker.Ingestion;

/// <summary>A chunk that was dealt with: all but <paramref name="Refused"/> is durable, and may be settled.</summary>
/// <param name="Refused">
/// Each may be settled when its letter has been sent. They are counted in <paramref name="Result"/>.
/// </param>
internal sealed record ProcessedChunk(ChunkResult Result, IReadOnlyList<RefusedMessage> Refused)
{
    public static readonly ProcessedChunk Nothing = new(default, []);

    public static ProcessedChunk operator +(ProcessedChunk left, ProcessedChunk right) =>
        new(left.Result + right.Result, [.. left.Refused, .. right.Refused]);
}
