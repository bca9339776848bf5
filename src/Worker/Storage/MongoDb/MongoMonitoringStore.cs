using MongoDB.Bson;
using Worker.Files;

namespace Worker.Storage.MongoDb;

/// <summary>Attached Evaluators, one document for each File and Evaluator.</summary>
internal sealed class MongoMonitoringStore(MongoDatabase database) : IMonitoringStore
{
    /// <summary>What is later than it is not found, and so stands in its way as a duplicate.</summary>
    public async Task<bool> SaveAsync(Monitoring monitoring, CancellationToken cancellationToken)
    {
        var key = $"{Uri.EscapeDataString(monitoring.FileId)}:{monitoring.EvaluatorId}";
        var stamp = ChangeStamp.Of(monitoring.OccurredAt, monitoring.MessageId);
        var document = MongoFields.Document(
            ("file_id", monitoring.FileId),
            ("evaluator_id", monitoring.EvaluatorId),
            ("version_id", monitoring.VersionId),
            ("environment", monitoring.Environment),
            ("active", monitoring.IsActive),
            ("stamp", stamp));
        var result = await database.WriteAsync(
            MongoCollections.Monitorings,
            [MongoWrite.Replace(key, MongoFilter.Earlier(key, stamp), document, upsert: true)],
            cancellationToken);
        return result.Done > 0;
    }

    public async Task<IReadOnlyList<Monitoring>> ReadAsync(string? fileId, CancellationToken cancellationToken)
    {
        var filter = fileId is null ? [] : new BsonDocument("file_id", fileId);
        var all = await database.FindAsync(MongoCollections.Monitorings, filter, ToMonitoring, cancellationToken);
        return
        [
            .. all.OrderBy(each => each.FileId, Utf8Order.Instance)
                .ThenBy(each => each.EvaluatorId, Utf8Order.Instance),
        ];
    }

    private static Monitoring ToMonitoring(BsonDocument found)
    {
        var (occurredAt, messageId) = ChangeStamp.Parse(found["stamp"].AsString);
        return new(
            found["file_id"].AsString,
            found["evaluator_id"].AsString,
            found.Text("version_id"),
            found.Text("environment"),
            found["active"].AsBoolean)
        {
            OccurredAt = occurredAt, MessageId = messageId,
        };
    }
}
