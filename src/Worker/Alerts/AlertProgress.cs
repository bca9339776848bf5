using Worker.Storage;
using Worker.Traces;

namespace Worker.Alerts;

/// <summary>What a measurement makes of an alert. Every breach ends before another begins.</summary>
internal static class AlertProgress
{
    /// <summary>Of an alert that nobody has looked at.</summary>
    public static AlertState Open(string name, DateTimeOffset now) =>
        new() { Name = name, Since = Cut(now), OpenedAt = Cut(now) };

    public static AlertChange Look(Alert alert, AlertState state, Measurement found, DateTimeOffset now)
    {
        var looked = state with { Value = found.Value, Count = found.Count };
        var condition = ConditionOf(alert, state, found, now);
        if (condition == state.Condition)
            return new(looked, []);

        // Two breaches of one alert never begin at once, whatever the clock does: their ids would be the same.
        var at = Cut(now) > state.Since ? Cut(now) : state.Since.AddMilliseconds(1);
        var events = new List<AlertEvent>();
        if (state.Breach is { } over)
            events.Add(new(true, state.Condition == AlertCondition.NoData, over, state.Since, at, found));
        var breach = condition == AlertCondition.Ok
            ? null
            : DerivedIds.Breach(alert.Name, at.ToUnixTimeMilliseconds());
        if (breach is not null)
            events.Add(new(false, condition == AlertCondition.NoData, breach, at, at, found));
        return new(looked with { Condition = condition, Since = at, Breach = breach }, events);
    }

    /// <summary>
    /// Where too little is there to say anything, it stays as it is. What fires is over when it has recovered, not when
    /// nothing comes any more.
    /// </summary>
    private static AlertCondition ConditionOf(Alert alert, AlertState state, Measurement found, DateTimeOffset now)
    {
        var isFiring = state.Condition == AlertCondition.Firing;
        if (found.Value is not { } value || found.Count < alert.AtLeast)
        {
            var isBack = state.Condition == AlertCondition.NoData && (found.Count > 0 || !alert.TellsOfNoData);
            var isGone = found.Count == 0 && alert.TellsOfNoData && now - state.OpenedAt >= alert.Window;
            return isBack ? AlertCondition.Ok : isGone && !isFiring ? AlertCondition.NoData : state.Condition;
        }

        if (alert.Bound.IsBrokenBy(value) || (isFiring && !alert.Bound.IsRecoveredBy(value)))
            return AlertCondition.Firing;
        return AlertCondition.Ok;
    }

    /// <summary>To whole milliseconds, as stores keep it.</summary>
    public static DateTimeOffset Cut(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
