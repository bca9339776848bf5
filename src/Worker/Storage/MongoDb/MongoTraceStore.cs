using System.Runtime.CompilerServices;
using MongoDB.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Traces. Both ways go level by level, one find for all Logs of a level (one for each thousand): as many round trips
/// as there are levels, and one more, where levels are small; several traces' levels go together. A server's own graph
/// search would hold whole documents in memory, of which there may be gigabytes.
/// </summary>
internal sealed class MongoTraceStore(MongoDatabase database) : ITraceStore
{
    private static readonly string Verdict = LogKind.Evaluator.WireName();

    private static readonly BsonDocument Drawn = MongoFilter.Only(
    [
        "version", StoredFormat.Name, "kind", .. LogFields.Drawn.Select(field => field.Name), "had_output", "had_error",
        "outcome_at", "completion_requested_at", "first_received_at", "problems", "microseconds",
        "merge.outcome_sent_at", "merge.completion_sent_at",
    ]);

    /// <summary>A read for more parents goes alone: those for few would wait for its reply.</summary>
    private const int Few = 100;

    private readonly Coalescer<string[], IEnumerable<Log>> _logs = new(
        reads => FindAsync(database, "_id", reads, log => log.Id), read => read.Length);

    private readonly Coalescer<string[], IEnumerable<Log>> _children = new(
        reads => FindAsync(database, "trace_parent_id", reads, log => log.ParentId!), read => read.Length);

    private readonly Coalescer<IReadOnlyCollection<TraceLabel>, bool> _labels = new(
        writes => LabelAsync(database, writes), write => write.Count);

    public async Task<IReadOnlyList<Ancestor>> AncestorsAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var ancestors = new List<Ancestor>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var level = New(ids, seen); level.Count > 0;)
        {
            var parents = new List<string>();
            foreach (var page in MongoFilter.Pages(level))
            {
                var found = await database.FindAsync(
                    MongoCollections.Logs,
                    Standing(MongoFilter.Ids(page)),
                    log => (Ancestor: ToAncestor(log), Parent: ParentOf(log)),
                    cancellationToken,
                    MongoFilter.Only("kind", "trace_parent_id", "complete"));
                ancestors.AddRange(found.Select(each => each.Ancestor));
                parents.AddRange(found.Select(each => each.Parent).OfType<string>());
            }

            level = New(parents, seen);
        }

        return ancestors;
    }

    public IAsyncEnumerable<IReadOnlyList<Log>> MembersAsync(string logId, CancellationToken cancellationToken) =>
        PagesAsync(
            DownwardAsync(logId, HeadAsync(logId, cancellationToken), ChildrenAsync, cancellationToken),
            cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<Log>> OutlineAsync(string logId, CancellationToken cancellationToken) =>
        PagesAsync(
            DownwardAsync(
                logId,
                DrawnAsync(MongoFilter.Id(logId), cancellationToken),
                (parents, token) => DrawnAsync(MongoFilter.In("trace_parent_id", parents), token),
                cancellationToken),
            cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<Log>> BeneathAsync(string logId, CancellationToken cancellationToken) =>
        PagesAsync(DownwardAsync(logId, head: null, ChildrenAsync, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<Log>> PathAboveAsync(string logId, CancellationToken cancellationToken)
    {
        var path = new List<Log>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var id = logId; id is not null && seen.Add(id); id = path[^1].ParentId)
        {
            if ((await _logs.RunAsync([id], cancellationToken)).SingleOrDefault() is not { } log)
                break;
            path.Add(log);
        }

        return path;
    }

    public Task LabelAsync(IReadOnlyCollection<TraceLabel> labels, CancellationToken cancellationToken) =>
        _labels.RunAsync(labels, cancellationToken);

    public async Task<IReadOnlyDictionary<string, TraceLabel>> LabelsAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, TraceLabel>(StringComparer.Ordinal);
        foreach (var page in MongoFilter.Pages(logIds))
        {
            var filter = MongoFilter.Ids(page);
            filter.Add("late", MongoFilter.Exists(true));
            foreach (var label in await database.FindAsync(
                MongoCollections.Logs, filter, ToLabel, cancellationToken, MongoFilter.Only(
                    "trace_id", "trace_flow_id", "late")))
            {
                labels[label.LogId] = label;
            }
        }

        return labels;
    }

    public async Task<IReadOnlySet<string>> StandingAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var standing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in MongoFilter.Pages(ids))
        {
            var filter = Standing(MongoFilter.Ids(page));
            standing.UnionWith(await database.FindAsync(
                MongoCollections.Logs, filter, log => log["_id"].AsString, cancellationToken, MongoFilter.Only()));
        }

        return standing;
    }

    public IAsyncEnumerable<string> CompleteFlowsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(MongoCollections.Logs, "_id", only: "complete", cancellationToken);

    private static async IAsyncEnumerable<IReadOnlyList<Log>> PagesAsync(
        IAsyncEnumerable<Log> logs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new MemberPage();
        await foreach (var log in logs.WithCancellation(cancellationToken))
        {
            page.Add(log);
            if (page.IsFull)
                yield return page.Take();
        }

        if (!page.IsEmpty)
            yield return page.Take();
    }

    /// <summary>Holds the ids that it has met, and those of two levels.</summary>
    /// <param name="head">Null: without the Log itself.</param>
    /// <param name="childrenOf">Given a thousand Logs at most.</param>
    private static async IAsyncEnumerable<Log> DownwardAsync(
        string logId,
        IAsyncEnumerable<Log>? head,
        Func<string[], CancellationToken, IAsyncEnumerable<Log>> childrenOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var met = new HashSet<string>(StringComparer.Ordinal) { logId };
        List<string> level = head is null ? [logId] : [];
        await foreach (var log in head ?? AsyncEnumerable.Empty<Log>())
        {
            level.Add(log.Id);
            yield return log;
        }

        while (level.Count > 0)
        {
            var below = new List<string>();
            foreach (var parents in MongoFilter.Pages(level))
            {
                await foreach (var child in childrenOf(parents, cancellationToken))
                {
                    if (!met.Add(child.Id))
                        continue;
                    below.Add(child.Id);
                    yield return child;
                }
            }

            level = below;
        }
    }

    private async IAsyncEnumerable<Log> HeadAsync(
        string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var head in await _logs.RunAsync([logId], cancellationToken))
            yield return head;
    }

    /// <summary>Alone: what is drawn of a Log is little, and few look at traces at once.</summary>
    private IAsyncEnumerable<Log> DrawnAsync(BsonDocument filter, CancellationToken cancellationToken) =>
        database.LogsAsync(
            filter.Contains("_id") ? Standing(filter) : Members(Standing(filter)), cancellationToken, Drawn);

    /// <summary>Together with what others ask for, where all that is little; else alone, reply by reply.</summary>
    private async IAsyncEnumerable<Log> ChildrenAsync(
        string[] parents, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (parents.Length <= Few && await FewChildrenAsync(parents, cancellationToken) is { } few)
        {
            foreach (var child in few)
                yield return child;
            yield break;
        }

        await foreach (var child in database.LogsAsync(
            Members(Standing(MongoFilter.In("trace_parent_id", parents))), cancellationToken))
            yield return child;
    }

    private async Task<IEnumerable<Log>?> FewChildrenAsync(string[] parents, CancellationToken cancellationToken)
    {
        try
        {
            return await _children.RunAsync(parents, cancellationToken);
        }
        catch (TooManyLogsException)
        {
            return null;
        }
    }

    /// <summary>
    /// The standing Logs whose field has one of the values that each read asks for. What is too much to be held is read
    /// by halves.
    /// </summary>
    private static async Task<IReadOnlyList<IEnumerable<Log>>> FindAsync(
        MongoDatabase database, string field, IReadOnlyList<string[]> reads, Func<Log, string> valueOf)
    {
        var values = reads.SelectMany(read => read).Distinct(StringComparer.Ordinal);
        var filter = Standing(MongoFilter.In(field, values));
        var found = await database.FewLogsAsync(
            field == "_id" ? filter : Members(filter), CancellationToken.None);
        var byValue = found.ToLookup(valueOf, StringComparer.Ordinal);
        return [.. reads.Select(read => read.SelectMany(value => byValue[value]))];
    }

    private static async Task<IReadOnlyList<bool>> LabelAsync(
        MongoDatabase database, IReadOnlyList<IReadOnlyCollection<TraceLabel>> writes)
    {
        await database.WriteAsync(
            MongoCollections.Logs, writes.SelectMany(write => write).Select(Update), CancellationToken.None);
        return [.. writes.Select(_ => true)];
    }

    private static BsonDocument Standing(BsonDocument filter)
    {
        filter.Add("deleted_at", MongoFilter.Exists(false));
        return filter;
    }

    /// <summary>A verdict is a member of no trace, whatever parent it names.</summary>
    private static BsonDocument Members(BsonDocument filter)
    {
        filter.Add("kind", new BsonDocument("$ne", Verdict));
        return filter;
    }

    private static string? ParentOf(BsonDocument log) =>
        log["kind"].AsString == Verdict ? null : log.Text("trace_parent_id");

    private static List<string> New(IEnumerable<string> ids, HashSet<string> seen) => [.. ids.Where(seen.Add)];

    private static Ancestor ToAncestor(BsonDocument log) =>
        new(log["_id"].AsString, EnumName<LogKind>.Parse(log["kind"].AsString), log.Contains("complete"));

    private static MongoWrite Update(TraceLabel label)
    {
        var set = MongoFields.Document(
            ("late", label.Late), ("trace_id", label.TraceId), ("trace_flow_id", label.TraceFlowId));
        var unset = MongoFields.Document(
            ("trace_id", label.TraceId is null ? true : null),
            ("trace_flow_id", label.TraceFlowId is null ? true : null));
        var change = new BsonDocument("$set", set);
        if (unset.ElementCount > 0)
            change.Add("$unset", unset);
        return MongoWrite.Update(label.LogId, MongoFilter.Id(label.LogId), change);
    }

    private static TraceLabel ToLabel(BsonDocument log) =>
        new(log["_id"].AsString, log.Text("trace_id"), log.Text("trace_flow_id"), log["late"].AsBoolean);
}
