using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Worker.Errors;

namespace Worker.Hosting;

/// <summary>
/// Writes each event as one line: time, level, category, the event's name, message. Of an exception it writes what it
/// says, and the stack trace only where that was asked for. No password is ever in a line, whoever logs it.
/// </summary>
internal sealed class LogLine(IConfiguration configuration, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private readonly Secrets _secrets = Secrets.From(configuration);
    private readonly bool _showsTraces = configuration.ShowsTraces();

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Level(logEntry.LogLevel)}: " +
            $"{logEntry.Category}[{EventName(logEntry.EventId)}] " +
            logEntry.Formatter(logEntry.State, logEntry.Exception).ReplaceLineEndings(" ");
        if (logEntry.Exception is { } exception)
            line += _showsTraces ? Environment.NewLine + exception : $" ({Words(exception)})";
        textWriter.WriteLine(_secrets.Hide(line));
    }

    /// <summary>Events of our own are known by their names; their numbers are made up by the compiler.</summary>
    private static string EventName(EventId id) => id.Name ?? id.Id.ToString(CultureInfo.InvariantCulture);

    private static string Words(Exception exception)
    {
        var words = $"{exception.GetType().Name}: {OneLine.Of(exception.Message)}";
        var cause = exception.GetBaseException();
        if (cause == exception)
            return words + Place(exception);
        return exception.Message.Contains(cause.Message, StringComparison.Ordinal)
            ? words + Place(cause)
            : $"{words}, because of {Words(cause)}";
    }

    /// <summary>Where in the worker a fault of its own came up, for those who report it; empty for any other.</summary>
    private static string Place(Exception exception)
    {
        if (exception is not (ArgumentException or InvalidOperationException or InvalidCastException
            or NullReferenceException or IndexOutOfRangeException or KeyNotFoundException))
            return "";
        var frame = exception.StackTrace?.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(
            line => line.StartsWith("at Worker.", StringComparison.Ordinal));
        return frame is null ? "" : " " + frame.Split(" in ")[0];
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
