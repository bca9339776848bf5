using Worker.Traces;

namespace Worker.Reading;

/// <summary>A time of which verdicts are summed, in parts that are equally long.</summary>
/// <param name="Until">The end, which is not in it; after <paramref name="From"/>.</param>
internal sealed record VerdictTime(DateTimeOffset From, DateTimeOffset Until)
{
    public const int Parts = 48;

    private const string Usual = "24h";

    public TimeSpan Part => (Until - From) / Parts;

    public int PartOf(DateTimeOffset instant) =>
        (int)Math.Clamp((instant - From) / Part, 0, Parts - 1);

    /// <summary>
    /// As people write it: dates, or as long ago as 15m, 2h, 7d; without them, the last day until now. Null where it is
    /// none; <paramref name="problem"/> then says why, as a sentence without its full stop.
    /// </summary>
    public static VerdictTime? Parse(string? since, string? until, DateTimeOffset now, out string? problem)
    {
        var from = TraceQuery.Moment(since ?? Usual, now);
        var to = until is null ? Timestamps.ToMicroseconds(now) : TraceQuery.Moment(until, now);
        problem = from is null ? "since is a date, or as long ago as 15m, 2h, 7d"
            : to is null ? "until is a date, or as long ago as 15m, 2h, 7d"
            : from >= to ? "since has to be before until"
            : null;
        return problem is null ? new(Timestamps.ToInstant(from!.Value), Timestamps.ToInstant(to!.Value)) : null;
    }
}
