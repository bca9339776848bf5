using System.Runtime.CompilerServices;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// The reverse of <see cref="FlowCheck"/>: there is no run, decision or Evaluator Log whose Log was deleted or never
/// stored. A verdict from outside may come before its Log, but none may be left of a Log that was deleted.
/// </summary>
internal sealed class LeftoverCheck(
    ITraceStore traces,
    ILogStore logs,
    IRunStore runs,
    IEvaluatorLogStore verdicts,
    IPostedVerdictStore posted,
    VerdictRunCheck ofVerdicts)
{
    private const int Page = 1_000;

    /// <summary>Each fault as a sentence.</summary>
    public async IAsyncEnumerable<string> CheckAsync(
        StoreCounts counts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var counted = runs.LogsWithRunsAsync(cancellationToken).Select(Count);
        await foreach (var logId in WithoutLogAsync(counted, cancellationToken))
        {
            // Read once more: a delete may have been under way when the page was read, and has dropped it since.
            if (await runs.ReadAsync(logId, cancellationToken) is not { } run)
                continue;
            if (run.JudgedId is not null)
            {
                foreach (var fault in await ofVerdicts.FaultsOfAsync(run, counts, cancellationToken))
                    yield return fault;
                continue;
            }

            counts.RunsWithoutLog++;
            yield return Sentence(logId, "a run");
        }

        var decided = runs.LogsWithDecisionsAsync(cancellationToken);
        await foreach (var logId in WithoutLogAsync(decided, cancellationToken))
        {
            if (await IsJudgedVerdictAsync(logId, cancellationToken)
                || await runs.DecisionsAsync(logId, cancellationToken) is not { Count: > 0 } decisions)
                continue;
            counts.DecisionsWithoutLog += decisions.Count;
            yield return Sentence(logId, "decisions");
        }

        var judged = verdicts.LogsWithVerdictsAsync(cancellationToken);
        await foreach (var logId in WithoutLogAsync(judged, cancellationToken))
        {
            if (await IsJudgedVerdictAsync(logId, cancellationToken)
                || await verdicts.ReadAsync([logId], cancellationToken) is not { Count: > 0 } judgments)
                continue;
            counts.VerdictsWithoutLog += judgments.Count;
            yield return Sentence(logId, "Evaluator Logs");
        }

        var fromOutside = posted.JudgedAsync(cancellationToken).Select(CountJudged);
        await foreach (var logId in WithoutLogAsync(fromOutside, cancellationToken))
        {
            if (!await IsDeletedAsync(logId, cancellationToken))
                counts.JudgedFromOutsideWithoutLog++;
            else if ((await posted.JudgedAmongAsync([logId], cancellationToken)).Count > 0)
            {
                yield return $"Log {logId} was deleted, and still has verdicts from outside; " +
                    "a log.deleted for it drops what is left.";
            }
        }

        string CountJudged(string logId)
        {
            counts.JudgedFromOutside++;
            return logId;
        }

        string Count(string logId)
        {
            counts.Runs++;
            return logId;
        }
    }

    private static string Sentence(string logId, string leftover) =>
        $"Log {logId} is not stored, or was deleted, and still has {leftover}; " +
        "a log.deleted for it drops what is left.";

    /// <summary>It is in no log store, and its run was looked at.</summary>
    private async Task<bool> IsJudgedVerdictAsync(string logId, CancellationToken cancellationToken) =>
        await runs.ReadAsync(logId, cancellationToken) is { JudgedId: not null };

    private async Task<bool> IsDeletedAsync(string logId, CancellationToken cancellationToken) =>
        (await logs.ReadAsync([logId], cancellationToken)).GetValueOrDefault(logId) is { IsDeleted: true };

    private async IAsyncEnumerable<string> WithoutLogAsync(
        IAsyncEnumerable<string> logIds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in logIds.Chunk(Page).WithCancellation(cancellationToken))
        {
            var standing = await traces.StandingAsync(page, cancellationToken);
            foreach (var logId in page.Where(logId => !standing.Contains(logId)))
                yield return logId;
        }
    }
}
