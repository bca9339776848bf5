using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// The members of revisions that began in this process, for its own runner, which need not read them again. Bounded and only a
/// saving: what is not here is in the store.
/// </summary>
internal sealed class HandOver
{
    private const int MaxLogs = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string LogId, int Revision), (Run Run, IReadOnlyList<Log> Members)> _begun = [];
    private int _logs;

    public void Put(Run run, IReadOnlyList<Log> members)
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

            if (_begun.TryAdd((run.LogId, run.Revision), (run, members)))
                _logs += members.Count;
        }
    }

    /// <summary>Null when that revision did not begin here, or was taken already.</summary>
    public (Run Run, IReadOnlyList<Log> Members)? Take(string logId, int revision)
    {
        lock (_lock)
        {
            if (!_begun.Remove((logId, revision), out var begun))
                return null;
            _logs -= begun.Members.Count;
            return begun;
        }
    }
}
