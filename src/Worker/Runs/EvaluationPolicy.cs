namespace Worker.Runs;

/// <summary>The options that decide about runs.</summary>
/// <param name="Lease">How long attempts that have begun are left alone.</param>
internal sealed record EvaluationPolicy(WakeTimers Timers, LatePolicy Late, TimeSpan Lease)
{
    /// <summary>
    /// The furthest ahead that a run may be due: no setting leads to more. A time beyond it was set by a clock that has
    /// been set back since.
    /// </summary>
    public DateTimeOffset LatestDue(DateTimeOffset now)
    {
        TimeSpan[] ahead =
            [WakeTimers.SettleLimit, Timers.Settle, Timers.Quiet ?? default, Timers.MaxAge ?? default, Lease];
        return now + ahead.Max() + Leases.Skew;
    }
}
