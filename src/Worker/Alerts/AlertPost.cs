using Worker.Errors;
using Worker.Storage;

namespace Worker.Alerts;

/// <summary>
/// Sends what alerts have to tell, in order, each notice at least once and by one worker at a time: who begins takes it
/// for <see cref="Lease"/>; who is killed leaves it to another. One that was not taken is tried again, with growing
/// pauses, until it is. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed partial class AlertPost(
    IAlertStore store, IAlertSender sender, TimeProvider time, ILogger<AlertPost> logger)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    public async Task SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        while (alert.Webhook is { } target && await TakeAsync(alert, cancellationToken) is { } notice)
        {
            if (await sender.SendAsync(target, notice, cancellationToken) is not { } reason)
            {
                await ChangeAsync(alert, notice, _ => null, cancellationToken);
                AlertSent(alert.Name, notice.Key);
                continue;
            }

            // Said once for each notice: that it goes on failing is no news.
            if (notice.Tries == 1)
                AlertNotSent(alert.Name, notice.Key, reason);
            await ChangeAsync(
                alert, notice, each => each with { NotBefore = time.GetUtcNow() + Pause(each) }, cancellationToken);
            return;
        }
    }

    /// <summary>The first notice, where it is time for it and nobody else takes it.</summary>
    private async Task<AlertNotice?> TakeAsync(Alert alert, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var state = await store.ReadAsync(alert.Name, cancellationToken);
        if (state is not { Notices: [var first, ..] } || IsLeftAlone(first, now))
            return null;
        var taken = first with { NotBefore = now + Lease, Tries = first.Tries + 1 };
        return await store.SaveAsync(state with { Notices = state.Notices.SetItem(0, taken) }, cancellationToken)
            ? taken
            : null;
    }

    /// <summary>What lies further ahead than any pause was set by a clock that has been set back.</summary>
    private static bool IsLeftAlone(AlertNotice notice, DateTimeOffset now) =>
        notice.NotBefore > now && notice.NotBefore <= now + LongestPause;

    /// <summary>Changes a notice where it still stands, whatever else is written to the alert meanwhile.</summary>
    private async Task ChangeAsync(
        Alert alert, AlertNotice notice, Func<AlertNotice, AlertNotice?> change, CancellationToken cancellationToken)
    {
        while (await store.ReadAsync(alert.Name, cancellationToken) is { } state
            && state.Notices.FirstOrDefault(each => each.Key == notice.Key) is { } standing)
        {
            var notices = change(standing) is { } changed
                ? state.Notices.Replace(standing, changed)
                : state.Notices.Remove(standing);
            if (await store.SaveAsync(state with { Notices = notices }, cancellationToken))
                return;
        }
    }

    private static TimeSpan Pause(AlertNotice notice)
    {
        var pause = ShortestPause * Math.Pow(2, Math.Min(notice.Tries - 1, 20));
        return pause < LongestPause ? pause : LongestPause;
    }

    [LoggerMessage(LogLevel.Information, "Alert {Alert} was told to its webhook as {Key}")]
    private partial void AlertSent(string alert, string key);

    [LoggerMessage(
        LogLevel.Warning,
        "Alert {Alert} could not be told to its webhook as {Key}; this is tried again until it is taken: {Reason}")]
    private partial void AlertNotSent(string alert, string key, string reason);
}
