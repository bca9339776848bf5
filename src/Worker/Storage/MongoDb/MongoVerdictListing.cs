using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Bson.Serialization.Serializers;
using MongoDB.Driver;
using Worker.Runs;

namespace Worker.Storage.MongoDb;

/// <summary>Verdicts by the index of their Evaluator and end, which is read backwards. Ends are milliseconds.</summary>
internal sealed class MongoVerdictListing(MongoDatabase database) : IVerdictListing
{
    private static readonly BsonDocument Measured = MongoFilter.Only(
        "log_id",
        "judgment",
        "error",
        "details.later",
        "details.cost",
        "details.input_tokens",
        "details.output_tokens",
        "start_time",
        "end_time",
        "evaluator_version_id");

    public async IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> ReadAsync(
        string evaluatorId,
        DateTimeOffset from,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var given = new BsonDocument { { "$gte", MongoFields.Date(from) }, { "$lt", MongoFields.Date(until) } };
        await foreach (var page in database.PagesAsync(
            MongoCollections.EvaluatorLogs,
            new() { { "evaluator_id", evaluatorId }, { "end_time", given } },
            BsonDocumentSerializer.Instance,
            cancellationToken,
            Measured,
            MongoFilter.Descending("end_time", "_id"),
            batch: MongoFilter.PageSize))
            yield return [.. page.Select(ToLine)];
    }

    public async Task<PutOff> PutOffAsync(
        Outcome outcome, string? evaluatorId, int most, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument("outcome", EnumName<Outcome>.Of(outcome));
        if (evaluatorId is not null)
            filter.Add("evaluator_id", evaluatorId);
        var count = await database.RunAsync(
            session => database.Collection(MongoCollections.Decisions).CountDocumentsAsync(
                session,
                new BsonDocumentFilterDefinition<BsonDocument>(filter),
                cancellationToken: cancellationToken),
            cancellationToken);
        var logs = count == 0 || most == 0
            ? []
            : await database.FindAsync(
                MongoCollections.Decisions,
                filter,
                decision => decision["log_id"].AsString,
                cancellationToken,
                MongoFilter.Only("log_id"),
                limit: most);
        return new(count, logs);
    }

    private static VerdictLine ToLine(BsonDocument verdict)
    {
        var details = verdict.TryGetValue("details", out var found) ? found as BsonDocument : null;
        return new(
            verdict["_id"].AsString,
            verdict["log_id"].AsString,
            verdict.Json("judgment"),
            verdict.Contains("error"),
            details?.Json("later")?.Utf8.Span.SequenceEqual("true"u8) == true,
            VerdictLine.ToCost(details?.Json("cost")),
            verdict.Instant("start_time")!.Value,
            verdict.Instant("end_time")!.Value)
        {
            VersionId = verdict["evaluator_version_id"].AsString,
            Tokens = VerdictLine.ToTokens(details?.Json("input_tokens"), details?.Json("output_tokens")),
        };
    }
}
