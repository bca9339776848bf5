using System.Runtime.CompilerServices;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Alerts;

/// <summary>
/// What an alert would have said of the past, as it is stored now: it looks as often as <see cref="StepOf"/> says, and
/// writes and tells nothing. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class AlertPreview(AlertGauge gauge)
{
    public const int LooksInWindow = 4;

    /// <summary>A part of the window, so that none passes between two looks.</summary>
    public static TimeSpan StepOf(Alert alert) => alert.Window / LooksInWindow;

    /// <summary>Each look, the earliest first.</summary>
    /// <param name="alert">One of verdicts: nothing else is known of the past.</param>
    /// <param name="from">The end of the first window.</param>
    public async IAsyncEnumerable<AlertChange> RunAsync(
        Alert alert,
        DateTimeOffset from,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = AlertProgress.Open(alert.Name, from - alert.Window);
        for (var at = from; at <= until; at += StepOf(alert))
        {
            var isFiring = state.Condition == AlertCondition.Firing;
            var found = await gauge.MeasureAsync(alert, at, isFiring, cancellationToken);
            var change = AlertProgress.Look(alert, state, found, at);
            state = change.State;
            yield return change;
        }
    }
}
