using System.Text.Json;
using Worker.Alerts;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Commands;

/// <summary>An alert and how it stands with it, as JSON.</summary>
internal static class AlertJson
{
    /// <summary>
    /// Of where it is told nothing but the host is shown: addresses may hold what is nobody's business.
    /// </summary>
    public static string Of(Alert alert, AlertState? state) => CommandJson.Of(new
    {
        alert.Name,
        alert.Description,
        State = StateOf(alert, state),
        Since = state is null ? null : Instant(state.Since),
        state?.Value,
        state?.Count,
        CheckedAt = state?.CheckedAt is { } at ? Instant(at) : null,
        BreachId = state?.Breach,
        NotSent = state?.Notices.Length ?? 0,
        Measure = AlertWords.NameOf(alert.Measure),
        alert.Evaluator,
        Judgment = alert.Judgment is { } judgment ? JsonElement.Parse(judgment.Utf8.Span) : (JsonElement?)null,
        Above = alert.Bound.IsCeiling ? alert.Bound.Limit : (double?)null,
        Below = alert.Bound.IsCeiling ? (double?)null : alert.Bound.Limit,
        Recover = alert.Bound.Recovery,
        WindowSeconds = alert.IsOfVerdicts ? alert.Window.TotalSeconds : (double?)null,
        AtLeast = alert.AtLeast > 0 ? alert.AtLeast : (long?)null,
        NoData = alert.TellsOfNoData ? "alert" : "ignore",
        Webhook = alert.Webhook?.Url.IdnHost,
    });

    public static string StateOf(Alert alert, AlertState? state) =>
        !alert.IsEnabled ? "disabled" : state is null ? "not looked at" : EnumName<AlertCondition>.Of(state.Condition);

    public static string Instant(DateTimeOffset instant) => Timestamps.Format(Timestamps.ToMicroseconds(instant));
}
