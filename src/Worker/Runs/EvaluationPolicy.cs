namespace Worker.Runs;

/// <summary>The options that decide about runs.</summary>
/// <param name="Lease">How long attempts that have begun are left alone.</param>
internal sealed record EvaluationPolicy(WakeTimers Timers, LatePolicy Late, TimeSpan Lease)
{
    /// <summary>How long a conversation is left alone before it is judged.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>
    /// How old a run may be for Evaluators that are called to be asked again about new content; null is any age.
    /// </summary>
    public TimeSpan? CallAgainWithin { get; init; }

    /// <summary>No run is left alone for longer while Evaluators of it are put off.</summary>
    public static readonly TimeSpan DeferralLimit = TimeSpan.FromMinutes(30);

    /// <summary>No run is left alone for longer while Evaluators of it are under way, or are waited for.</summary>
    private static readonly TimeSpan WatchLimit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// When a run whose Evaluators have not all answered is looked at next: when the first that is put off may be
    /// asked; for those that are under way, the longer it has waited the later, so that many that wait for a slow
    /// Evaluator cost little.
    /// </summary>
    public DateTimeOffset NextLook(Run run, DateTimeOffset now)
    {
        var waiting = run.Pins.Where(pin => pin.IsWaiting).ToList();
        return waiting.Min(pin => pin.IsOwed(now) ? now + Watch(run, now) : Earlier(pin.NotBefore!.Value));

        DateTimeOffset Earlier(DateTimeOffset until) => until < now + DeferralLimit ? until : now + DeferralLimit;
    }

    /// <summary>
    /// The furthest ahead that a run may be due: no setting leads to more. A time beyond it was set by a clock that has
    /// been set back since.
    /// </summary>
    public DateTimeOffset LatestDue(DateTimeOffset now)
    {
        TimeSpan[] ahead =
            [Timers.Settle, Timers.Quiet ?? default, Timers.MaxAge ?? default, Lease, DeferralLimit, Idle];
        return now + ahead.Max() + Leases.Skew;
    }

    /// <summary>Why none that is called is asked about what comes now, as a sentence; null where they are.</summary>
    public string? WhyNotCalled(Run run, DateTimeOffset now) =>
        run.Revision > 0 && CallAgainWithin is { } limit && now - run.OpenedAt > limit
            ? $"The trace is known since {run.OpenedAt:u}, and older than Evaluation:CallAgainWithin ({limit:c})."
            : null;

    private TimeSpan Watch(Run run, DateTimeOffset now)
    {
        var half = (now - (run.BegunAt ?? now)) / 2;
        var watch = half < WatchLimit ? half : WatchLimit;
        return watch > Lease ? watch : Lease;
    }
}
