using Worker.Traces;

namespace Worker.Storage;

/// <summary>A page of members while it fills: a thousand Logs at most, and no more once it holds 4 MiB.</summary>
internal sealed class MemberPage
{
    public const int MaxLogs = 1_000;
    public const int MaxBytes = 4 * 1024 * 1024;

    private List<Log> _logs = [];
    private int _bytes;

    public bool IsEmpty => _logs.Count == 0;

    public bool IsFull => _logs.Count >= MaxLogs || _bytes >= MaxBytes;

    public void Add(Log log)
    {
        _logs.Add(log);
        _bytes += LogSize.Of(log);
    }

    /// <summary>Hands over what it holds, and is empty again.</summary>
    public IReadOnlyList<Log> Take()
    {
        var logs = _logs;
        (_logs, _bytes) = ([], 0);
        return logs;
    }
}
