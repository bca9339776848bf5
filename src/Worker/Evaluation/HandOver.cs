using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// The members of revisions that began in this process, for its own runner, which need not read them again. Kept by digest, so
/// that members read by a step that lost its race are never taken for those that are judged. Bounded and only a saving: what
/// is not here is in the store.
/// </summary>
internal sealed class HandOver
{
    private const int MaxLogs = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string LogId, string Digest), IReadOnlyList<Log>> _begun = [];
    private int _logs;

    public void Put(string logId, string digest, IReadOnlyList<Log> members)
    {
        if (members.Count > MaxLogs)
            return;
        lock (_lock)
        {
            // What another worker took up is never taken here: forgetting all now and then is bound enough.
            if (_logs + members.Count > MaxLogs)
            {
                _begun.Clear();
                _logs = 0;
            }

            if (_begun.TryAdd((logId, digest), members))
                _logs += members.Count;
        }
    }

    /// <summary>Null when that content was not read here, or was taken already.</summary>
    public IReadOnlyList<Log>? Take(string logId, string digest)
    {
        lock (_lock)
        {
            if (!_begun.Remove((logId, digest), out var members))
                return null;
            _logs -= members.Count;
            return members;
        }
    }
}
