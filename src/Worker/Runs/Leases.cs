namespace Worker.Runs;

/// <summary>
/// Leases end at an instant, by the clock of whoever took them. One that lies further ahead than a lease taken now
/// would end was taken by a clock that has been set back since, and is void: it would freeze what it is on.
/// </summary>
internal static class Leases
{
    /// <summary>
    /// What clocks of workers may differ by without one taking another's fresh lease, or due time, for void.
    /// </summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>The latest end that counts, for whoever would take a lease until <paramref name="until"/>.</summary>
    public static DateTimeOffset Latest(DateTimeOffset until) => until + Skew;
}
