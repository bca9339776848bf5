namespace Worker.Diagnostics;

/// <summary>Whether messages wait in numbers to become Logs: what can wait then does.</summary>
internal interface IBacklogSign
{
    bool IsBehind { get; }
}
