using System.Runtime.CompilerServices;
using Worker.Storage.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Traces. Both ways go level by level, one find for all Logs of a level (one for each thousand): as many round trips as there
/// are levels, and one more, where levels are small; several traces' levels go together. A server's own graph search would hold
/// whole documents in memory, of which there may be gigabytes.
/// </summary>
internal sealed class MongoTraceStore(MongoDatabase database) : ITraceStore
{
    private readonly Coalescer<string[], IEnumerable<Log>> _logs = new(
        reads => FindAsync(database, "_id", reads, log => log.Id), read => read.Length, commands: 4);

    private readonly Coalescer<string[], IEnumerable<Log>> _children = new(
        reads => FindAsync(database, "trace_parent_id", reads, log => log.ParentId!), read => read.Length, commands: 4);

    private readonly Coalescer<IReadOnlyCollection<TraceLabel>, bool> _labels = new(writes => LabelAsync(database, writes), write => write.Count);

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
                await foreach (var log in database.FindAsync(
                    MongoCollections.Logs, Standing(MongoFilter.Ids(page)), MongoFilter.Only("kind", "trace_parent_id", "complete"), cancellationToken: cancellationToken))
                {
                    var kind = EnumName<LogKind>.Parse(log["kind"].AsString());
                    ancestors.Add(new(log["_id"].AsString(), kind, log.Find("complete"u8) is not null));
                    if (ParentOf(log) is { } parent)
                        parents.Add(parent);
                }
            }

            level = New(parents, seen);
        }

        return ancestors;
    }

    public async IAsyncEnumerable<IReadOnlyList<Log>> MembersAsync(string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new MemberPage();
        await foreach (var log in DownwardAsync(logId, cancellationToken))
        {
            page.Add(log);
            if (page.IsFull)
                yield return page.Take();
        }

        if (!page.IsEmpty)
            yield return page.Take();
    }

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

    public Task LabelAsync(IReadOnlyCollection<TraceLabel> labels, CancellationToken cancellationToken) => _labels.RunAsync(labels, cancellationToken);

    public async Task<IReadOnlyDictionary<string, TraceLabel>> LabelsAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, TraceLabel>(StringComparer.Ordinal);
        foreach (var page in MongoFilter.Pages(logIds))
        {
            var filter = MongoFilter.Ids(page);
            filter.Add("late", MongoFilter.Exists(true));
            foreach (var label in await database.FindAsync(
                MongoCollections.Logs, filter, ToLabel, cancellationToken, MongoFilter.Only("trace_id", "trace_flow_id", "late")))
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
                MongoCollections.Logs, filter, log => log["_id"].AsString(), cancellationToken, MongoFilter.Only()));
        }

        return standing;
    }

    public IAsyncEnumerable<string> CompleteFlowsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(MongoCollections.Logs, "_id", only: "complete", cancellationToken);

    /// <summary>Holds the ids that it has met, and those of two levels.</summary>
    private async IAsyncEnumerable<Log> DownwardAsync(string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var met = new HashSet<string>(StringComparer.Ordinal) { logId };
        var level = new List<string>();
        foreach (var head in await _logs.RunAsync([logId], cancellationToken))
        {
            level.Add(head.Id);
            yield return head;
        }

        while (level.Count > 0)
        {
            var below = new List<string>();
            foreach (var parents in MongoFilter.Pages(level))
            {
                await foreach (var child in ChildrenAsync(parents, cancellationToken))
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

    /// <summary>Together with what others ask for, where all that fits into one reply; else alone, reply by reply.</summary>
    private async IAsyncEnumerable<Log> ChildrenAsync(string[] parents, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await FewChildrenAsync(parents, cancellationToken) is { } few)
        {
            foreach (var child in few)
                yield return child;
            yield break;
        }

        using var bson = new LogBson();
        await foreach (var child in database.FindAsync(MongoCollections.Logs, Standing(MongoFilter.In("trace_parent_id", parents)), cancellationToken: cancellationToken))
            yield return bson.Read(child);
    }

    private async Task<IEnumerable<Log>?> FewChildrenAsync(string[] parents, CancellationToken cancellationToken)
    {
        try
        {
            return await _children.RunAsync(parents, cancellationToken);
        }
        catch (MongoReplyException)
        {
            return null;
        }
    }

    /// <summary>The standing Logs whose field has one of the values that each read asks for. What is too much for one reply is read by halves.</summary>
    private static async Task<IReadOnlyList<IEnumerable<Log>>> FindAsync(
        MongoDatabase database, string field, IReadOnlyList<string[]> reads, Func<Log, string> valueOf)
    {
        using var bson = new LogBson();
        var values = reads.SelectMany(read => read).Distinct(StringComparer.Ordinal);
        var found = await database.FindFewAsync(MongoCollections.Logs, Standing(MongoFilter.In(field, values)), bson.Read, CancellationToken.None);
        var byValue = found.ToLookup(valueOf, StringComparer.Ordinal);
        return [.. reads.Select(read => read.SelectMany(value => byValue[value]))];
    }

    private static async Task<IReadOnlyList<bool>> LabelAsync(MongoDatabase database, IReadOnlyList<IReadOnlyCollection<TraceLabel>> writes)
    {
        await database.UpdateAsync(MongoCollections.Logs, writes.SelectMany(write => write).Select(Update), CancellationToken.None);
        return [.. writes.Select(_ => true)];
    }

    private static BsonDocument Standing(BsonDocument filter)
    {
        filter.Add("deleted_at", MongoFilter.Exists(false));
        return filter;
    }

    private static List<string> New(IEnumerable<string> ids, HashSet<string> seen) => [.. ids.Where(seen.Add)];

    private static string? ParentOf(BsonView log) => log.Find("trace_parent_id"u8) is { Type: BsonType.String } parent ? parent.AsString() : null;

    private static MongoUpdate Update(TraceLabel label)
    {
        var set = new BsonDocument { { "late", label.Late }, { "trace_id", label.TraceId }, { "trace_flow_id", label.TraceFlowId } };
        var unset = new BsonDocument();
        if (label.TraceId is null)
            unset.Add("trace_id", true);
        if (label.TraceFlowId is null)
            unset.Add("trace_flow_id", true);
        var change = new BsonDocument { { "$set", set } };
        if (label.TraceId is null || label.TraceFlowId is null)
            change.Add("$unset", unset);
        return MongoUpdate.Of(label.LogId, MongoFilter.Id(label.LogId), change);
    }

    private static TraceLabel ToLabel(BsonView log) => new(
        log["_id"].AsString(), log.Find("trace_id"u8)?.AsStringOrNull(), log.Find("trace_flow_id"u8)?.AsStringOrNull(), log["late"].AsBool());
}
