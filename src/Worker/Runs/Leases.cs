namespace Worker.Runs;

/// <summary>
/// A lease ends at an instant, by the clock of the worker that took it. One that ends later than a lease taken now was
/// taken by a clock that has been set back since. It is void, because it would block its run or attempt until then.
/// </summary>
internal static class Leases
{
    /// <summary>
    /// How far the clocks of two workers may differ before one takes the other's fresh lease, or due time, for void.
    /// </summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>The latest end that counts, for whoever would take a lease until <paramref name="until"/>.</summary>
    public static DateTimeOffset Latest(DateTimeOffset until) => until + Skew;
}
