namespace Worker.Reading;

/// <summary>A time of which verdicts are summed, in parts that are equally long.</summary>
/// <param name="Until">The end, which is not in it; after <paramref name="From"/>.</param>
internal sealed record VerdictTime(DateTimeOffset From, DateTimeOffset Until)
{
    public const int Parts = 48;

    public TimeSpan Part => (Until - From) / Parts;

    public int PartOf(DateTimeOffset instant) =>
        (int)Math.Clamp((instant - From) / Part, 0, Parts - 1);
}
