namespace Worker.Runs;

/// <summary>How a wake sets a run's <c>due</c>. Every store computes exactly <see cref="Due"/>.</summary>
/// <param name="Settle">How long a finished Log is left alone after each wake; doubles with each revision.</param>
/// <param name="Quiet">How long an unfinished one is; null where quiet does not finish traces.</param>
/// <param name="MaxAge">How old an unfinished one may grow; null where age does not finish traces.</param>
internal sealed record WakeTimers(TimeSpan Settle, TimeSpan? Quiet, TimeSpan? MaxAge)
{
    /// <summary>The settle time doubles no further than this.</summary>
    public static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(5);

    /// <summary>
    /// When the run is due after a wake at <paramref name="now"/>; null when only completion can make it so.
    /// </summary>
    public DateTimeOffset? Due(DateTimeOffset now, bool complete, int revision, DateTimeOffset openedAt)
    {
        if (complete)
            return now + SettleAfter(revision);

        var (quiet, oldest) = (now + Quiet, openedAt + MaxAge);
        var due = oldest is null || quiet < oldest ? quiet : oldest;

        // After a judgement for age, new content settles as usual. Otherwise each message that comes later would be
        // judged by itself.
        return revision > 0 && due < now + SettleAfter(revision) ? now + SettleAfter(revision) : due;
    }

    /// <summary>The settle time of a run that has judged <paramref name="revision"/> times.</summary>
    public TimeSpan SettleAfter(int revision)
    {
        // Computed in doubles, because a TimeSpan that doubles overflows after a few dozen revisions.
        var settle = Settle.Ticks * Math.Pow(2, revision);
        var limit = Math.Max(Settle.Ticks, SettleLimit.Ticks);
        return TimeSpan.FromTicks(settle < limit ? (long)settle : limit);
    }
}
