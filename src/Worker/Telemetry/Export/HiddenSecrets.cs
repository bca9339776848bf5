using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Worker.Telemetry.Export;

/// <summary>
/// Takes out of events what must not be shown, as it is taken out of the lines of the log: somebody else's words may
/// repeat it. Of an exception its type and its sentence are exported, and no stack trace.
/// </summary>
/// <param name="hide">Gives back a text without secrets.</param>
internal sealed class HiddenSecrets(Func<string, string> hide) : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        data.FormattedMessage = data.FormattedMessage is { } message ? hide(message) : null;
        data.Body = data.Body is { } body ? hide(body) : null;
        List<KeyValuePair<string, object?>> attributes =
            [.. (data.Attributes ?? []).Select(each => KeyValuePair.Create(each.Key, Shown(each.Value)))];
        if (data.Exception is { } exception)
        {
            attributes.Add(new("exception.type", exception.GetType().FullName));
            attributes.Add(new("exception.message", hide(exception.Message)));
            data.Exception = null;
        }

        data.Attributes = attributes;
    }

    private object? Shown(object? value) => value is null or bool || value.GetType().IsPrimitive
        ? value
        : hide(value.ToString() ?? "");
}
