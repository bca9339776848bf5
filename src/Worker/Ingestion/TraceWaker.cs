using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// After Logs are durable: reads upward and wakes every finished Log that is judged and under which something may have
/// changed. The last writer on a path sees the whole path. Never writes a parent, and costs ordinary Logs one read a
/// chunk.
/// </summary>
internal sealed class TraceWaker(
    ITraceStore traces,
    ILogStore logs,
    IRunStore runs,
    IAttachments attachments,
    VerdictDepth depths,
    IOptions<TraceOptions> options,
    IOptions<ConversationOptions> conversations,
    LocalDueTimes localTimers,
    TimeProvider time)
{
    /// <summary>Logs that are held at once, whole.</summary>
    private const int Page = 200;

    private readonly WakeTimers _timers = options.Value.Timers;
    private readonly WakeTimers _conversationTimers = new(conversations.Value.Idle, null, null);
    private readonly bool _wakesUnfinished = options.Value.Quiet is not null || options.Value.MaxAge is not null;

    /// <param name="touched">
    /// Logs that messages spoke of, changed or not: a repeat heals a wake that was lost with a worker.
    /// </param>
    public async Task WakeAsync(IReadOnlyCollection<Log> touched, CancellationToken cancellationToken)
    {
        var wakes = new Dictionary<string, Wake>(StringComparer.Ordinal);
        var parents = new HashSet<string>(StringComparer.Ordinal);
        foreach (var log in touched)
        {
            await WakeItselfAsync(log, wakes, cancellationToken);

            // Old parents too: the trace that a Log has left has changed as well.
            foreach (var parent in log.Parents)
                parents.Add(parent);
        }

        if (parents.Count > 0)
            await WakeAboveAsync(parents, wakes, cancellationToken);

        if (wakes.Count == 0)
            return;

        var (now, began) = (time.GetUtcNow(), time.GetTimestamp());
        var talks = wakes.Values.Where(wake => DerivedIds.IsConversation(wake.LogId)).ToList();
        if (talks.Count > 0)
            await runs.WakeAsync(talks, _conversationTimers, now, cancellationToken);
        if (talks.Count == wakes.Count)
            return;
        await runs.WakeAsync(
            talks.Count == 0 ? wakes.Values : [.. wakes.Values.Except(talks)], _timers, now, cancellationToken);
        localTimers.Set(_timers.Settle - time.GetElapsedTime(began));
    }

    /// <summary>
    /// A Flow Log says by itself whether it is finished; of others that is read, where one may be judged at all.
    /// </summary>
    private async Task WakeAboveAsync(
        HashSet<string> parents, Dictionary<string, Wake> wakes, CancellationToken cancellationToken)
    {
        var above = await traces.AncestorsAsync(parents, cancellationToken);
        foreach (var flow in above.Where(ancestor => ancestor.Kind == LogKind.Flow))
            Add(flow.LogId, flow.IsComplete, wakes);

        var others = above.Where(ancestor => ancestor.Kind != LogKind.Flow && attachments.MayAttach(ancestor.Kind));
        foreach (var page in others.Select(ancestor => ancestor.LogId).Where(id => !wakes.ContainsKey(id)).Chunk(Page))
        {
            foreach (var log in (await logs.ReadAsync(page, cancellationToken)).Values)
                await WakeItselfAsync(log, wakes, cancellationToken);
        }
    }

    private async ValueTask WakeItselfAsync(
        Log log, Dictionary<string, Wake> wakes, CancellationToken cancellationToken)
    {
        if (log.IsDeleted)
            return;
        if (log.Kind == LogKind.Flow)
            Add(log.Id, log.IsComplete, wakes);
        else if (log.IsFinished && attachments.Attaches(log))
            await AddAsync(log, wakes, cancellationToken);
    }

    /// <summary>Verdicts from outside are judged as deep as is allowed.</summary>
    private async ValueTask AddAsync(Log log, Dictionary<string, Wake> wakes, CancellationToken cancellationToken)
    {
        var depth = log.Kind == LogKind.Evaluator ? await depths.OfAsync(log, cancellationToken) : 0;
        if (depth <= depths.Most)
            wakes[log.Id] = new(log.Id, Complete: true) { Depth = depth };
    }

    private void Add(string logId, bool complete, Dictionary<string, Wake> wakes)
    {
        if (complete || (_wakesUnfinished && !wakes.ContainsKey(logId)))
            wakes[logId] = new(logId, complete);
    }
}
