using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Worker.Testing;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(string Event, string Text)> _entries = new();

    public IReadOnlyList<string> Of(string eventName) => [.. _entries.Where(entry => entry.Event == eventName).Select(entry => entry.Text)];

    public IReadOnlyList<string> Everything => [.. _entries.Select(entry => entry.Text)];

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Name ?? "", $"{formatter(state, exception)} {exception}"));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
