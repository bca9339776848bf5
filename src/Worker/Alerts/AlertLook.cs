using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Alerts;

/// <summary>
/// Looks at one alert for all workers: whoever is first in the period measures, and the change counts only where nobody
/// else has written meanwhile. What is to be told is stored in the same write, so that it is told whoever is killed
/// afterwards. Throws <see cref="StoreUnavailableException"/> and <see cref="ServerUnreachableException"/>.
/// </summary>
internal sealed class AlertLook(
    IAlertStore store, AlertGauge gauge, IOptions<AlertOptions> options, TimeProvider time)
{
    /// <summary>Notices that wait to be sent; of more, the oldest are dropped.</summary>
    public const int MostNotices = 20;

    /// <returns>What came to pass by this look; null where it was another worker's turn.</returns>
    public async Task<AlertChange?> LookAsync(Alert alert, CancellationToken cancellationToken)
    {
        var now = AlertProgress.Cut(time.GetUtcNow());
        var state = await store.ReadAsync(alert.Name, cancellationToken) ?? AlertProgress.Open(alert.Name, now);
        if (!IsDue(state, now))
            return null;
        var claimed = state with { CheckedAt = now };
        if (!await store.SaveAsync(claimed, cancellationToken))
            return null;
        claimed = claimed with { Version = claimed.Version + 1 };

        var isFiring = state.Condition == AlertCondition.Firing;
        var found = await gauge.MeasureAsync(alert, now, isFiring, cancellationToken);
        return await ChangeAsync(alert, claimed, found, now, cancellationToken);
    }

    /// <summary>
    /// Whoever sends notices writes the same state: that does not make the look void, another look does.
    /// </summary>
    private async Task<AlertChange?> ChangeAsync(
        Alert alert, AlertState? state, Measurement found, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (state?.CheckedAt == now)
        {
            var change = AlertProgress.Look(alert, state, found, now);
            change = change with { State = WithNotices(alert, change, now) };
            if (await store.SaveAsync(change.State, cancellationToken))
                return change;
            state = await store.ReadAsync(alert.Name, cancellationToken);
        }

        return null;
    }

    /// <summary>
    /// Half a period after the last look another may begin, so that workers whose periods are out of step do not leave
    /// an alert for longer than one. A look that lies ahead is that of a clock which has been set back.
    /// </summary>
    private bool IsDue(AlertState state, DateTimeOffset now) =>
        !(state.CheckedAt + (options.Value.Every / 2) > now && state.CheckedAt <= now + options.Value.Every);

    private static AlertState WithNotices(Alert alert, AlertChange change, DateTimeOffset now)
    {
        if (alert.Webhook is null)
            return change.State with { Notices = [] };
        var added = change.Events.Select(each => new AlertNotice(each.Key, AlertMessage.Of(alert, each), now));
        return change.State with { Notices = [.. change.State.Notices.AddRange(added).TakeLast(MostNotices)] };
    }
}
