using Worker.Errors;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// The verdicts on the verdicts on some Logs, at any depth: only a verdict that has a run of its own may have any.
/// Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal static class VerdictsOnVerdicts
{
    public static async Task<IReadOnlyList<EvaluatorLog>> ReadAsync(
        IRunStore runs,
        IEvaluatorLogStore verdicts,
        IReadOnlyCollection<string> logIds,
        CancellationToken cancellationToken)
    {
        var found = new List<EvaluatorLog>();
        for (var level = logIds; level.Count > 0;)
        {
            var judged = await runs.JudgedVerdictsAsync(level, cancellationToken);
            if (judged.Count > 0)
                found.AddRange(await verdicts.ReadAsync(judged, cancellationToken));
            level = judged;
        }

        return found;
    }
}
