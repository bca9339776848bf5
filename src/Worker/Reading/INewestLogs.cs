using Worker.Traces;

namespace Worker.Reading;

/// <summary>Logs, newest first, a few at a time.</summary>
internal interface INewestLogs
{
    /// <summary>The next of them, at most so many; empty at the end.</summary>
    Task<IReadOnlyList<Log>> NextAsync(int count, CancellationToken cancellationToken);
}
