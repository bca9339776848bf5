using System.Runtime.CompilerServices;
using Worker.Storage.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Traces. Both ways go level by level, one find for all Logs of a level (one for each thousand): as many round trips as there
/// are levels, and one more. A server's own graph search would hold whole documents in memory, of which there may be gigabytes.
/// </summary>
internal sealed class MongoTraceStore(MongoDatabase database) : ITraceStore
{
    private const int Page = 1_000;

    public async Task<IReadOnlyList<FlowAbove>> FlowsAboveAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var flows = new List<FlowAbove>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var level = New(ids, seen); level.Count > 0;)
        {
            var parents = new List<string>();
            foreach (var page in level.Chunk(Page))
            {
                await foreach (var log in database.FindAsync(
                    MongoCollections.Logs, Standing(MongoFilter.Ids(page)), MongoFilter.Only("kind", "trace_parent_id", "complete"), cancellationToken: cancellationToken))
                {
                    if (log["kind"].AsString() == LogKind.Flow.WireName())
                        flows.Add(new(log["_id"].AsString(), log.Find("complete"u8) is not null));
                    if (ParentOf(log) is { } parent)
                        parents.Add(parent);
                }
            }

            level = New(parents, seen);
        }

        return flows;
    }

    public async Task<IReadOnlyList<Log>> MembersAsync(string logId, CancellationToken cancellationToken)
    {
        using var bson = new LogBson();
        var members = await FindAsync(bson, MongoFilter.Id(logId), cancellationToken);
        var seen = new HashSet<string>(StringComparer.Ordinal) { logId };
        for (var level = members.ToList(); level.Count > 0;)
        {
            var children = new List<Log>();
            foreach (var page in level.Chunk(Page))
                children.AddRange(await FindAsync(bson, MongoFilter.In("trace_parent_id", page.Select(log => log.Id)), cancellationToken));
            level = [.. children.Where(child => seen.Add(child.Id))];
            members.AddRange(level);
        }

        return members;
    }

    public async Task<IReadOnlyList<Log>> PathAboveAsync(string logId, CancellationToken cancellationToken)
    {
        using var bson = new LogBson();
        var path = new List<Log>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var id = logId; id is not null && seen.Add(id); id = path[^1].ParentId)
        {
            if (await FindAsync(bson, MongoFilter.Id(id), cancellationToken) is not [var log])
                break;
            path.Add(log);
        }

        return path;
    }

    public Task LabelAsync(IReadOnlyCollection<TraceLabel> labels, CancellationToken cancellationToken) =>
        database.UpdateAsync(MongoCollections.Logs, labels.Select(Update), cancellationToken);

    public async Task<IReadOnlyDictionary<string, TraceLabel>> LabelsAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, TraceLabel>(StringComparer.Ordinal);
        foreach (var page in logIds.Distinct(StringComparer.Ordinal).Chunk(Page))
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

    public async IAsyncEnumerable<string> CompleteFlowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = "";
        while (true)
        {
            var after = new BsonDocument { { "complete", true }, { "_id", new BsonDocument { { "$gt", last } } } };
            var page = await database.FindAsync(
                MongoCollections.Logs, after, log => log["_id"].AsString(), cancellationToken, MongoFilter.Only(), MongoFilter.Ascending("_id"), Page);
            foreach (var id in page)
                yield return id;
            if (page.Count < Page)
                yield break;
            last = page[^1];
        }
    }

    private Task<List<Log>> FindAsync(LogBson bson, BsonDocument filter, CancellationToken cancellationToken) =>
        database.FindAsync(MongoCollections.Logs, Standing(filter), bson.Read, cancellationToken);

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
