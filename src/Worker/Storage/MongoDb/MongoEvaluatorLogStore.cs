using MongoDB.Bson;
using Worker.Runs;

namespace Worker.Storage.MongoDb;

/// <summary>Verdicts.</summary>
internal sealed class MongoEvaluatorLogStore(MongoDatabase database) : IEvaluatorLogStore
{
    private readonly Coalescer<IReadOnlyCollection<EvaluatorLog>, bool> _adds = new(
        adds => AddAsync(database, adds), add => add.Count);
    private readonly Coalescer<string[], IEnumerable<EvaluatorLog>> _reads = new(
        reads => ReadAsync(database, reads), read => read.Length);

    public Task AddAsync(IReadOnlyCollection<EvaluatorLog> logs, CancellationToken cancellationToken) =>
        _adds.RunAsync(logs, cancellationToken);

    public async Task<IReadOnlyList<EvaluatorLog>> ReadAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var found = new List<EvaluatorLog>();
        foreach (var page in MongoFilter.Pages(logIds))
            found.AddRange(await _reads.RunAsync(page, cancellationToken));
        return
        [
            .. found
                .OrderBy(log => log.LogId, StringComparer.Ordinal)
                .ThenBy(log => log.Revision)
                .ThenBy(log => log.EvaluatorId, StringComparer.Ordinal),
        ];
    }

    public async Task<string?> JudgedByAsync(string id, CancellationToken cancellationToken) =>
        (await database.FindAsync(
            MongoCollections.EvaluatorLogs,
            MongoFilter.Id(id),
            log => log["log_id"].AsString,
            cancellationToken,
            MongoFilter.Only("log_id"))).FirstOrDefault();

    public IAsyncEnumerable<string> LogsWithVerdictsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(MongoCollections.EvaluatorLogs, "log_id", only: null, cancellationToken);

    private static async Task<IReadOnlyList<bool>> AddAsync(
        MongoDatabase database, IReadOnlyList<IReadOnlyCollection<EvaluatorLog>> adds)
    {
        var logs = adds.SelectMany(add => add).ToList();
        await database.InsertAsync(
            MongoCollections.EvaluatorLogs,
            logs.OrderBy(log => log.Id, StringComparer.Ordinal).Select(Write),
            CancellationToken.None);

        // Looked at afterwards, so that a run that is dropped meanwhile takes its verdicts with it, or they are taken
        // back here.
        var judged = logs.Select(log => log.LogId).ToHashSet(StringComparer.Ordinal);
        var runs = await database.FindAsync(
            MongoCollections.Runs,
            MongoFilter.Ids(judged),
            run => run["_id"].AsString,
            CancellationToken.None,
            MongoFilter.Only());
        judged.ExceptWith(runs);
        if (judged.Count > 0)
            await database.DeleteAsync(
                MongoCollections.EvaluatorLogs, MongoFilter.In("log_id", judged), CancellationToken.None);
        return [.. adds.Select(_ => true)];
    }

    private static async Task<IReadOnlyList<IEnumerable<EvaluatorLog>>> ReadAsync(
        MongoDatabase database, IReadOnlyList<string[]> reads)
    {
        var ids = reads.SelectMany(read => read).Distinct(StringComparer.Ordinal);
        var found = await database.FindAsync(
            MongoCollections.EvaluatorLogs, MongoFilter.In("log_id", ids), Read, CancellationToken.None);
        var byLog = found.ToLookup(log => log.LogId, StringComparer.Ordinal);
        return [.. reads.Select(read => read.SelectMany(id => byLog[id]))];
    }

    public static BsonDocument Write(EvaluatorLog log) => MongoFields.Document(
        ("_id", log.Id),
        ("log_id", log.LogId),
        ("revision", log.Revision),
        ("evaluator_id", log.EvaluatorId),
        ("evaluator_version_id", log.EvaluatorVersionId),
        ("path", log.Path),
        ("error", log.Error),
        ("reason", log.Reason),
        ("stdout", log.Stdout),
        ("start_time", MongoFields.Date(log.StartTime)),
        ("end_time", MongoFields.Date(log.EndTime)),
        ("judgment", MongoFields.Json(log.Judgment)),
        ("details", MongoFields.Json(log.Details)),
        ("spec", MongoFields.Json(log.Spec)));

    private static EvaluatorLog Read(BsonDocument log) => new()
    {
        Id = log["_id"].AsString,
        LogId = log["log_id"].AsString,
        Revision = log["revision"].ToInt32(),
        EvaluatorId = log["evaluator_id"].AsString,
        EvaluatorVersionId = log["evaluator_version_id"].AsString,
        Path = log["path"].AsString,
        Judgment = log.Json("judgment"),
        Error = log.Text("error"),
        Reason = log.Text("reason"),
        Stdout = log.Text("stdout"),
        Details = log.Json("details"),
        StartTime = log.Instant("start_time")!.Value,
        EndTime = log.Instant("end_time")!.Value,
        Spec = log.Json("spec"),
    };
}
