using Worker.Evaluation;
using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Verdicts.</summary>
internal sealed class MongoEvaluatorLogStore(MongoDatabase database) : IEvaluatorLogStore
{
    public async Task AddAsync(IReadOnlyCollection<EvaluatorLog> logs, CancellationToken cancellationToken)
    {
        await database.InsertAsync(MongoCollections.EvaluatorLogs, logs.OrderBy(log => log.Id, StringComparer.Ordinal).Select(Write), cancellationToken);

        // Looked at afterwards, so that a run that is dropped meanwhile takes its verdicts with it, or they are taken back here.
        var judged = logs.Select(log => log.LogId).ToHashSet(StringComparer.Ordinal);
        var runs = await database.FindAsync(MongoCollections.Runs, MongoFilter.Ids(judged), run => run["_id"].AsString(), cancellationToken, MongoFilter.Only());
        judged.ExceptWith(runs);
        if (judged.Count > 0)
            await database.DeleteAsync(MongoCollections.EvaluatorLogs, MongoFilter.In("log_id", judged), cancellationToken);
    }

    public async Task<IReadOnlyList<EvaluatorLog>> ReadAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken)
    {
        var found = new List<EvaluatorLog>();
        foreach (var page in logIds.Distinct(StringComparer.Ordinal).Chunk(1_000))
            found.AddRange(await database.FindAsync(MongoCollections.EvaluatorLogs, MongoFilter.In("log_id", page), Read, cancellationToken));
        return
        [
            .. found
                .OrderBy(log => log.LogId, StringComparer.Ordinal)
                .ThenBy(log => log.Revision)
                .ThenBy(log => log.EvaluatorId, StringComparer.Ordinal),
        ];
    }

    private static BsonDocument Write(EvaluatorLog log)
    {
        var document = new BsonDocument
        {
            { "_id", log.Id },
            { "log_id", log.LogId },
            { "revision", log.Revision },
            { "evaluator_id", log.EvaluatorId },
            { "evaluator_version_id", log.EvaluatorVersionId },
            { "path", log.Path },
            { "error", log.Error },
            { "stdout", log.Stdout },
            { "start_time", log.StartTime },
            { "end_time", log.EndTime },
        };
        document.AddJson("judgment", log.Judgment?.Utf8);
        document.AddJson("spec", log.Spec?.Utf8);
        return document;
    }

    private static EvaluatorLog Read(BsonView log) => new()
    {
        Id = log["_id"].AsString(),
        LogId = log["log_id"].AsString(),
        Revision = log["revision"].AsInt32(),
        EvaluatorId = log["evaluator_id"].AsString(),
        EvaluatorVersionId = log["evaluator_version_id"].AsString(),
        Path = log["path"].AsString(),
        Judgment = log.Json("judgment"),
        Error = log.Text("error"),
        Stdout = log.Text("stdout"),
        StartTime = log.Instant("start_time")!.Value,
        EndTime = log.Instant("end_time")!.Value,
        Spec = log.Json("spec"),
    };
}
