using System.Runtime.CompilerServices;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Retention;

/// <summary>
/// Finds the traces that go, the oldest first. Looks at every Log that is old enough for some rule, by its ids alone,
/// and reads those that nothing stands above: cost grows with what is removed, and with what is old and stays.
/// </summary>
internal sealed class TraceSweep(
    IAgeListing ages,
    ITraceStore traces,
    ILogStore logs,
    IEvaluatorLogStore verdicts,
    IPostedVerdictStore posted,
    IPinStore pins,
    RetentionRules rules)
{
    /// <summary>The rule that is not named: the store is too large.</summary>
    public const string TooLarge = nameof(RetentionOptions.MaxBytes);

    /// <summary>Outermost Logs that are held at once, whole.</summary>
    private const int Page = 100;

    /// <param name="now">Ages are counted to then.</param>
    /// <param name="excess">About how much has to go whatever its age, in bytes.</param>
    /// <param name="onPinned">Is told of each trace that would go, and is pinned.</param>
    public async IAsyncEnumerable<(string Rule, OldTrace Trace)> FindAsync(
        DateTimeOffset now,
        long excess,
        Action onPinned,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in ages.OldestAsync(cancellationToken))
        {
            var outermost = await OutermostAsync(page, cancellationToken);
            var young = 0;
            foreach (var few in outermost.Chunk(Page))
            {
                foreach (var head in (await ReadAsync(few, cancellationToken)).OrderBy(log => log.FirstReceivedAt))
                {
                    young += IsYoung(head, now) ? 1 : 0;
                    if (excess <= 0 && !rules.MayGo(head, now))
                        continue;
                    if (await LookAsync(head, now, excess, cancellationToken) is not { } trace)
                        continue;
                    var rule = rules.Removing(trace, now) ?? (rules.Keeps(trace, now) || excess <= 0 ? null : TooLarge);
                    if (rule is null)
                        continue;
                    if (await pins.AnyAsync(trace.LogIds, cancellationToken))
                    {
                        onPinned();
                        continue;
                    }

                    excess -= WeightOf(trace);
                    yield return (rule, trace);
                }
            }

            if (outermost.Count > 0 && young == outermost.Count && excess <= 0)
                yield break;
        }
    }

    /// <summary>
    /// The trace with that outermost Log; null where it is gone meanwhile, or has content that no rule would remove.
    /// </summary>
    public async Task<OldTrace?> LookAsync(
        Log head, DateTimeOffset now, long excess, CancellationToken cancellationToken)
    {
        var clock = Timestamps.ToMicroseconds(now);
        var (ids, newest, bytes) = (new List<string>(), 0L, 0L);
        await foreach (var page in traces.MembersAsync(head.Id, cancellationToken))
        {
            foreach (var log in page)
            {
                ids.Add(log.Id);
                newest = Math.Max(newest, OldTrace.NewestOf(log, clock));
                bytes += LogSize.Of(log);
            }

            if (excess <= 0 && !rules.All.Any(rule => !rule.Keep && rule.IsOver(newest, now)))
                return null;
        }

        return ids.Count == 0
            ? null
            : new(head, newest, bytes, ids) { Verdicts = await VerdictsAsync(head.Id, cancellationToken) };
    }

    /// <summary>More than its values take, so that the last of many is not removed for nothing.</summary>
    private static long WeightOf(OldTrace trace) => (2 * trace.Bytes) + (1_024L * trace.LogIds.Count);

    private bool IsYoung(Log head, DateTimeOffset now) =>
        rules.Youngest is not { } age || head.FirstReceivedAt > Timestamps.ToMicroseconds(now - age);

    private async Task<List<string>> OutermostAsync(IReadOnlyList<OldLog> page, CancellationToken cancellationToken)
    {
        var above = page.Select(log => log.AboveId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var standing = above.Count == 0 ? null : await traces.StandingAsync(above, cancellationToken);
        return [.. page.Where(log => log.AboveId is not { } id || !standing!.Contains(id)).Select(log => log.Id)];
    }

    private async Task<IEnumerable<Log>> ReadAsync(string[] ids, CancellationToken cancellationToken) =>
        (await logs.ReadAsync(ids, cancellationToken)).Values.Where(log => !log.IsDeleted);

    private async Task<IReadOnlySet<string>> VerdictsAsync(string logId, CancellationToken cancellationToken)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        if (!rules.AskVerdicts)
            return said;

        foreach (var verdict in await verdicts.ReadAsync([logId], cancellationToken))
            Add(verdict.Judgment, verdict.Error is not null);
        await foreach (var page in posted.OnAsync(logId, cancellationToken))
        {
            foreach (var log in page)
                Add(log.Judgment, log[LogFields.Error] is not null);
        }

        return said;

        void Add(JsonValue? judgment, bool isError)
        {
            if (isError)
                said.Add("error");
            if (judgment?.AsText() is { } text)
                said.Add(text);
            if (judgment is { } value)
                said.Add(value.ToString()!);
        }
    }
}
