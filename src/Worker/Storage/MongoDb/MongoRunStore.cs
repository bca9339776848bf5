using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Worker.Errors;
using Worker.Runs;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Runs with their timers, and decisions. What a run's document says is changed by one statement on it alone.
/// </summary>
internal sealed class MongoRunStore(MongoDatabase database) : IRunStore
{
    /// <summary>Two that open one run at once: one is told so, and finds it open the next time.</summary>
    private const int Attempts = 5;

    /// <summary>
    /// In this order: a verdict that comes meanwhile finds no run, and is taken back by whoever brought it.
    /// </summary>
    private static readonly string[] HangOnRuns =
        [MongoCollections.Decisions, MongoCollections.Attempts, MongoCollections.EvaluatorLogs];

    /// <summary>What a decision says while the Evaluator has not answered.</summary>
    private static readonly Outcome[] Owed = [Outcome.Waiting, Outcome.OverBudget, Outcome.Paused];

    private readonly Coalescer<string, Run?> _reads = new(logIds => ReadAsync(database, logIds), _ => 1);
    private readonly Coalescer<RunSave, bool> _saves = new(
        saves => SaveAsync(database, saves), save => 1 + save.Decisions.Count);
    private readonly Coalescer<RunJudgement, bool> _judgements = new(
        judgements => JudgeAsync(database, judgements),
        judgement => 1 + judgement.Judged.Decisions.Count + judgement.Verdicts.Count);

    public async Task WakeAsync(
        IReadOnlyCollection<Wake> wakes, WakeTimers timers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var update = new WakeUpdate(timers, Cut(now));
        IReadOnlyCollection<MongoWrite> pending = [.. wakes.Select(update.Of)];
        for (var attempt = 1; pending.Count > 0; attempt++)
        {
            if (attempt > Attempts)
            {
                throw new StoreUnavailableException(
                    $"{database.Description} said {Attempts} times that a run is both there and not: " +
                    "look at its state.");
            }

            pending = (await database.WriteAsync(MongoCollections.Runs, pending, cancellationToken)).Lost;
        }
    }

    public async Task<IReadOnlyList<string>> ClaimDueAsync(
        DateTimeOffset now,
        DateTimeOffset latestDue,
        string owner,
        DateTimeOffset leaseUntil,
        int limit,
        CancellationToken cancellationToken)
    {
        var due = await database.FindAsync(
            MongoCollections.Runs,
            Claimable([]),
            run => run["_id"].AsString,
            cancellationToken,
            MongoFilter.Only("due"),
            MongoFilter.Ascending("due"),
            limit);
        if (due.Count == 0)
            return due;

        var claim = Guid.NewGuid().ToString("N");
        var lease = new BsonDocument("$set", new BsonDocument
        {
            { "owner", owner },
            { "lease_until", MongoFields.Date(leaseUntil) },
            { "claim", claim },
        });
        var claims = due.Select(logId => MongoWrite.Update(logId, Claimable(MongoFilter.Id(logId)), lease));
        if ((await database.WriteAsync(MongoCollections.Runs, claims, cancellationToken)).Done == due.Count)
            return due;

        // Others were there, too: what carries this claim is ours.
        var claimed = MongoFilter.Ids(due);
        claimed.Add("claim", claim);
        var found = await database.FindAsync(
            MongoCollections.Runs, claimed, run => run["_id"].AsString, cancellationToken, MongoFilter.Only());
        var ours = found.ToHashSet();
        return [.. due.Where(ours.Contains)];

        BsonDocument Claimable(BsonDocument filter)
        {
            var isDue = new BsonDocument("due", new BsonDocument("$lte", MongoFields.Date(now)));
            var isVoid = new BsonDocument("due", MongoFilter.Above(MongoFields.Date(latestDue)));
            filter.Add("$or", new BsonArray { isDue, isVoid });
            filter.Add("lease_until", MongoFilter.Outside(now, Leases.Latest(leaseUntil)));
            return filter;
        }
    }

    public Task RenewAsync(string logId, string owner, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        var ours = new BsonDocument { { "_id", logId }, { "owner", owner } };
        var lease = new BsonDocument("$set", new BsonDocument("lease_until", MongoFields.Date(leaseUntil)));
        return database.WriteAsync(MongoCollections.Runs, [MongoWrite.Update(logId, ours, lease)], cancellationToken);
    }

    public async Task<(long Due, DateTimeOffset? Oldest)> BacklogAsync(
        DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        var isDue = new BsonDocument("due", new BsonDocument("$lte", MongoFields.Date(now)));
        var oldest = await database.FindAsync(
            MongoCollections.Runs,
            isDue,
            run => run["due"].ToUniversalTime(),
            cancellationToken,
            MongoFilter.Only("due"),
            MongoFilter.Ascending("due"),
            limit: 1);
        if (oldest.Count == 0)
            return (0, null);
        var count = new CountOptions { Limit = most };
        var due = await database.RunAsync(
            session => database.Collection(MongoCollections.Runs).CountDocumentsAsync(
                session, isDue, count, cancellationToken),
            cancellationToken);
        return (due, oldest[0]);
    }

    public Task<Run?> ReadAsync(string logId, CancellationToken cancellationToken) =>
        _reads.RunAsync(logId, cancellationToken);

    public Task<bool> SaveAsync(
        Run run, IReadOnlyCollection<Decision> decisions, CancellationToken cancellationToken) =>
        _saves.RunAsync(RunSave.Of(run, decisions), cancellationToken);

    public Task<bool> JudgeAsync(
        Run begun,
        Run judged,
        IReadOnlyCollection<Decision> decisions,
        IReadOnlyCollection<EvaluatorLog> verdicts,
        CancellationToken cancellationToken)
    {
        // The watch, where it is still on, goes over to the version that the second save makes.
        var second = judged with { Version = judged.Version + 1, WatchVersion = judged.WatchVersion + 1 };

        // What judging found goes with its verdicts, so that only who won the race says it. The rest is not decided
        // again where the worker ends in between.
        var found = decisions.ToLookup(decision => decision.Revision == begun.Revision && IsFound(decision.Outcome));
        return _judgements.RunAsync(
            new(RunSave.Of(begun, [.. found[false]]), verdicts, RunSave.Of(second, [.. found[true]])),
            cancellationToken);
    }

    public async Task<IReadOnlyList<Decision>> DecisionsAsync(string logId, CancellationToken cancellationToken) =>
    [
        .. (await database.FindAsync(
            MongoCollections.Decisions, new("log_id", logId), RunBson.ReadDecision, cancellationToken))
            .OrderBy(decision => decision.Revision)
            .ThenBy(decision => decision.EvaluatorId, StringComparer.Ordinal),
    ];

    public IAsyncEnumerable<string> LogsWithRunsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(MongoCollections.Runs, "_id", only: null, cancellationToken);

    public IAsyncEnumerable<string> LogsWithDecisionsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(MongoCollections.Decisions, "log_id", only: null, cancellationToken);

    public async Task<IReadOnlyList<string>> JudgedVerdictsAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var page in MongoFilter.Pages(logIds))
        {
            found.AddRange(await database.FindAsync(
                MongoCollections.Runs,
                MongoFilter.In("judged_id", page),
                run => run["_id"].AsString,
                cancellationToken,
                MongoFilter.Only()));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    public async Task DropAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        // Verdicts go before what they are on, and what hangs on them before their runs: whoever is killed in between
        // leaves a way to what is left.
        var verdicts = await JudgedVerdictsAsync(logIds, cancellationToken);
        foreach (var page in MongoFilter.Pages(verdicts))
            await DropHangingAsync(database, page, cancellationToken);
        if (verdicts.Count > 0)
            await DropAsync(verdicts, cancellationToken);
        foreach (var page in MongoFilter.Pages(logIds))
        {
            await database.DeleteAsync(MongoCollections.Runs, MongoFilter.Ids(page), cancellationToken);
            await DropHangingAsync(database, page, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<Run?>> ReadAsync(MongoDatabase database, IReadOnlyList<string> logIds)
    {
        var found = await database.FindAsync(
            MongoCollections.Runs,
            MongoFilter.Ids(logIds.Distinct(StringComparer.Ordinal)),
            RunBson.Read,
            CancellationToken.None);
        var runs = found.ToDictionary(run => run.LogId, StringComparer.Ordinal);
        return [.. logIds.Select(runs.GetValueOrDefault)];
    }

    private static async Task<IReadOnlyList<bool>> SaveAsync(MongoDatabase database, IReadOnlyList<RunSave> saves)
    {
        // Decisions first: were the worker to end in between, the run would be looked at again and decided the same.
        await DecideAsync(database, saves.SelectMany(save => save.Decisions));
        var result = await database.WriteAsync(MongoCollections.Runs, saves.Select(Replace), CancellationToken.None);
        if (result.Done == saves.Count)
            return [.. saves.Select(_ => true)];

        // Which of them lost is told by the marks that stand, or stood last. Of a run that was dropped nothing stays.
        var ids = saves.Select(save => save.Run.LogId).ToHashSet(StringComparer.Ordinal);
        var standing = await database.FindAsync(
            MongoCollections.Runs,
            MongoFilter.Ids(ids),
            run => (Id: run["_id"].AsString, Marks: new[] { run.Text("mark"), run.Text("mark_before") }),
            CancellationToken.None,
            MongoFilter.Only("mark", "mark_before"));
        ids.ExceptWith(standing.Select(run => run.Id));
        if (saves.Any(save => save.Decisions.Count > 0 && ids.Contains(save.Run.LogId)))
            await DropHangingAsync(database, ids, CancellationToken.None);
        var marks = standing.SelectMany(run => run.Marks).ToHashSet(StringComparer.Ordinal);
        return [.. saves.Select(save => marks.Contains(save.Mark))];
    }

    /// <summary>
    /// The revisions begin first, so that each is known by its digest before a verdict stands under it. A second save
    /// that is overtaken by a wake leaves the verdicts to whoever looks at the run next.
    /// </summary>
    private static async Task<IReadOnlyList<bool>> JudgeAsync(
        MongoDatabase database, IReadOnlyList<RunJudgement> judgements)
    {
        var begun = await SaveAsync(database, [.. judgements.Select(judgement => judgement.Begun)]);
        var won = judgements.Zip(begun).Where(each => each.Second).Select(each => each.First).ToList();
        await database.InsertAsync(
            MongoCollections.EvaluatorLogs,
            won.SelectMany(judgement => judgement.Verdicts).OrderBy(log => log.Id, StringComparer.Ordinal).Select(
                MongoEvaluatorLogStore.Write),
            CancellationToken.None);
        await SaveAsync(database, [.. won.Select(judgement => judgement.Judged)]);
        return begun;
    }

    private static async Task DropHangingAsync(
        MongoDatabase database, IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        foreach (var collection in HangOnRuns)
            await database.DeleteAsync(collection, MongoFilter.In("log_id", logIds), cancellationToken);
    }

    /// <summary>The whole document anew, but for the mark of the save before.</summary>
    private static MongoWrite Replace(RunSave save)
    {
        var document = RunBson.Write(save.Run);
        document.Add("mark", save.Mark);
        var merged = new BsonArray { new BsonDocument("$literal", document), new BsonDocument("mark_before", "$mark") };
        var standing = new BsonDocument { { "_id", save.Run.LogId }, { "version", save.Run.Version } };
        return MongoWrite.Transform(
            save.Run.LogId, standing, [new("$replaceWith", new BsonDocument("$mergeObjects", merged))]);
    }

    /// <summary>Most are the first of their id: all are inserted, and what is there already is replaced.</summary>
    private static async Task DecideAsync(MongoDatabase database, IEnumerable<Decision> decisions)
    {
        var inserts = new Dictionary<MongoWrite, Decision>(ReferenceEqualityComparer.Instance);
        foreach (var decision in decisions)
        {
            var document = new BsonDocument("_id", IdOf(decision)).Merge(RunBson.Write(decision));
            inserts.Add(MongoWrite.Insert(document), decision);
        }

        var result = await database.WriteAsync(MongoCollections.Decisions, inserts.Keys, CancellationToken.None);
        await database.WriteAsync(
            MongoCollections.Decisions, result.Lost.Select(insert => Replace(inserts[insert])), CancellationToken.None);
    }

    /// <summary>
    /// A save that loses its race has written its decisions already. So what only says that an outcome is owed, or no
    /// longer is, takes the place of nothing but what says the like; where another stands, the upsert is a duplicate
    /// key and passed over.
    /// </summary>
    private static MongoWrite Replace(Decision decision)
    {
        var id = IdOf(decision);
        var filter = MongoFilter.Id(id);
        if (Owed.Contains(decision.Outcome) || decision.Outcome == Outcome.Superseded)
            filter.Add("outcome", new BsonDocument("$in", new BsonArray(Owed.Select(EnumName<Outcome>.Of))));
        return MongoWrite.Replace(id, filter, RunBson.Write(decision), upsert: true);
    }

    private static bool IsFound(Outcome outcome) => outcome is Outcome.Ran or Outcome.Failed or Outcome.Filtered;

    private static string IdOf(Decision decision) =>
        JsonSerializer.Serialize(new object[] { decision.LogId, decision.Revision, decision.EvaluatorId });

    private static DateTimeOffset Cut(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

    /// <param name="Mark">By which a save that shared a command, or was sent twice, knows whether it stands.</param>
    private sealed record RunSave(Run Run, IReadOnlyCollection<Decision> Decisions, string Mark)
    {
        public static RunSave Of(Run run, IReadOnlyCollection<Decision> decisions) =>
            new(run, decisions, Guid.NewGuid().ToString("N"));
    }

    private sealed record RunJudgement(RunSave Begun, IReadOnlyCollection<EvaluatorLog> Verdicts, RunSave Judged);
}
