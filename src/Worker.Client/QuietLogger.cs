using Microsoft.Extensions.Logging;

namespace Worker.Client;

/// <summary>A log that fails must not end what it was to tell of: its exceptions go nowhere.</summary>
internal sealed class QuietLogger(ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nobody to tell.
        }
    }
}
