namespace Worker.Reading;

/// <summary>A verdict by one Evaluator, as a search asks for it.</summary>
/// <param name="From">The earliest that is meant, in microseconds since the Unix epoch.</param>
/// <param name="Until">The earliest that is not meant any more.</param>
internal sealed record AskedVerdict(string Path, long From = long.MinValue, long Until = long.MaxValue)
{
    public Func<RowVerdict, bool> Says { get; init; } = _ => true;

    public bool IsMet(RowVerdict verdict) =>
        verdict.Path == Path && verdict.At >= From && verdict.At < Until && Says(verdict);

    public AskedVerdict And(AskedVerdict other) => new(Path, Math.Max(From, other.From), Math.Min(Until, other.Until))
    {
        Says = verdict => Says(verdict) && other.Says(verdict),
    };
}
