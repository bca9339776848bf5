namespace Worker.Ingestion;

/// <summary>
/// How many refused messages may wait, unsettled, for their letters, before no more messages are taken.
/// </summary>
internal sealed record LetterLimit(int Messages, long Bytes)
{
    /// <summary>
    /// Where the letters go into the store that the messages go into: if it takes none, it takes nothing.
    /// </summary>
    public static readonly LetterLimit None = new(0, 0);

    /// <summary>A quarter of what may be held.</summary>
    public static LetterLimit QuarterOf(int prefetch) => new(Math.Max(1, prefetch / 4), InFlightLimit.HeldBytes / 4);
}
