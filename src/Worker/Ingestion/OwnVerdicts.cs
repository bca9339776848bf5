using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>
/// The verdicts that workers gave, which no log store holds: found by the Logs that they are on, so that what is said
/// of them from outside goes with these.
/// </summary>
internal sealed class OwnVerdicts(IEvaluatorLogStore verdicts, IRunStore runs)
{
    /// <summary>
    /// The verdicts on those Logs, and on one another at any depth, each with the Log that it began with.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> OnAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var level = logIds; level.Count > 0;)
        {
            var on = await verdicts.ReadAsync(level, cancellationToken);
            foreach (var verdict in on)
                found[verdict.Id] = found.GetValueOrDefault(verdict.LogId, verdict.LogId);
            level = on.Count == 0 ? [] : await runs.JudgedVerdictsAsync(level, cancellationToken);
        }

        return found;
    }
}
