namespace Worker.Storage;

/// <summary>A Log whose trace is kept, whatever its age.</summary>
internal sealed record TracePin(string LogId, DateTimeOffset At);
