using System.Text.Json;
using Worker.Evaluation;
using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Runs with their timers, and decisions. What a run's document says is changed by one statement on it alone.</summary>
internal sealed class MongoRunStore(MongoDatabase database) : IRunStore
{
    /// <summary>Two that open one run at once: one is told so, and finds it open the next time.</summary>
    private const int Attempts = 5;

    /// <summary>In this order: a verdict that comes meanwhile finds no run, and is taken back by whoever brought it.</summary>
    private static readonly string[] HangOnRuns = [MongoCollections.Decisions, MongoCollections.Attempts, MongoCollections.EvaluatorLogs];

    public async Task WakeAsync(IReadOnlyCollection<Wake> wakes, WakeTimers timers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var update = new WakeUpdate(timers, Cut(now));
        IReadOnlyCollection<MongoUpdate> pending = [.. wakes.Select(update.Of)];
        for (var attempt = 1; pending.Count > 0; attempt++)
        {
            if (attempt > Attempts)
                throw new StoreUnavailableException($"{database.Description} said {Attempts} times that a run is both there and not: look at its state.");
            pending = (await database.UpdateAsync(MongoCollections.Runs, pending, cancellationToken)).Lost;
        }
    }

    public async Task<IReadOnlyList<string>> ClaimDueAsync(DateTimeOffset now, string owner, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        var due = await database.FindAsync(
            MongoCollections.Runs, Claimable([], now), run => run["_id"].AsString(), cancellationToken, MongoFilter.Only("due"), MongoFilter.Ascending("due"), limit);
        if (due.Count == 0)
            return due;

        var claim = Guid.NewGuid().ToString("N");
        var lease = new BsonDocument { { "$set", new BsonDocument { { "owner", owner }, { "lease_until", leaseUntil }, { "claim", claim } } } };
        var claims = due.Select(logId => MongoUpdate.Of(logId, Claimable(MongoFilter.Id(logId), now), lease));
        if ((await database.UpdateAsync(MongoCollections.Runs, claims, cancellationToken)).Matched == due.Count)
            return due;

        // Others were there, too: what carries this claim is ours.
        var claimed = MongoFilter.Ids(due);
        claimed.Add("claim", claim);
        var ours = (await database.FindAsync(MongoCollections.Runs, claimed, run => run["_id"].AsString(), cancellationToken, MongoFilter.Only())).ToHashSet();
        return [.. due.Where(ours.Contains)];
    }

    public async Task<Run?> ReadAsync(string logId, CancellationToken cancellationToken) =>
        (await database.FindAsync(MongoCollections.Runs, MongoFilter.Id(logId), RunBson.Read, cancellationToken)).SingleOrDefault();

    public async Task<bool> SaveAsync(Run run, IReadOnlyCollection<Decision> decisions, CancellationToken cancellationToken)
    {
        // Decisions first: were the worker to end in between, the run would be looked at again and decided the same.
        await database.UpdateAsync(MongoCollections.Decisions, decisions.Select(Decide), cancellationToken);
        var replace = MongoUpdate.Of(run.LogId, new() { { "_id", run.LogId }, { "version", run.Version } }, RunBson.Write(run));
        if ((await database.UpdateAsync(MongoCollections.Runs, [replace], cancellationToken)).Matched == 1)
            return true;

        if (decisions.Count > 0 && await ReadAsync(run.LogId, cancellationToken) is null)
            await database.DeleteAsync(MongoCollections.Decisions, new() { { "log_id", run.LogId } }, cancellationToken);
        return false;
    }

    public async Task<IReadOnlyList<Decision>> DecisionsAsync(string logId, CancellationToken cancellationToken) =>
    [
        .. (await database.FindAsync(MongoCollections.Decisions, new() { { "log_id", logId } }, RunBson.ReadDecision, cancellationToken))
            .OrderBy(decision => decision.Revision)
            .ThenBy(decision => decision.EvaluatorId, StringComparer.Ordinal),
    ];

    public async Task DropAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        foreach (var page in logIds.Chunk(1_000))
        {
            await database.DeleteAsync(MongoCollections.Runs, MongoFilter.Ids(page), cancellationToken);
            foreach (var collection in HangOnRuns)
                await database.DeleteAsync(collection, MongoFilter.In("log_id", page), cancellationToken);
        }
    }

    private static BsonDocument Claimable(BsonDocument filter, DateTimeOffset now)
    {
        filter.Add("due", new BsonDocument { { "$lte", now } });
        filter.Add("lease_until", new BsonDocument { { "$not", new BsonDocument { { "$gt", now } } } });
        return filter;
    }

    private static MongoUpdate Decide(Decision decision)
    {
        var id = JsonSerializer.Serialize(new object[] { decision.LogId, decision.Revision, decision.EvaluatorId });
        return MongoUpdate.Of(id, MongoFilter.Id(id), RunBson.Write(decision), upsert: true);
    }

    private static DateTimeOffset Cut(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
