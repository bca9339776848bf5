using System.Collections.Immutable;
using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Who did what.</summary>
internal sealed class MongoAuditStore(MongoDatabase database) : IAuditStore
{
    public Task SaveAsync(AuditEntry entry, CancellationToken cancellationToken) => database.WriteAsync(
        MongoCollections.Audit,
        [MongoWrite.Replace(entry.Id, MongoFilter.Id(entry.Id), ToDocument(entry), upsert: true)],
        cancellationToken);

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(
        AuditQuery query, string? before, int limit, CancellationToken cancellationToken) =>
        await database.FindAsync(
            MongoCollections.Audit,
            Filter(query, before),
            ToEntry,
            cancellationToken,
            sort: MongoFilter.Descending("_id"),
            limit: limit);

    /// <summary>By their ids, so that no more go than were counted.</summary>
    public async Task<int> ForgetAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        var old = await database.FindAsync(
            MongoCollections.Audit,
            Filter(new(Until: until), before: null),
            entry => entry["_id"].AsString,
            cancellationToken,
            MongoFilter.Only(),
            MongoFilter.Ascending("_id"),
            limit);
        var forgotten = 0L;
        foreach (var page in MongoFilter.Pages(old))
        {
            var delete = MongoWrite.Delete(MongoFilter.Ids(page));
            forgotten += (await database.WriteAsync(MongoCollections.Audit, [delete], cancellationToken)).Done;
        }

        return (int)forgotten;
    }

    private static BsonDocument Filter(AuditQuery query, string? before)
    {
        var filter = new BsonDocument();
        var at = MongoFields.Document(
            ("$gte", MongoFields.Date(query.Since)), ("$lt", MongoFields.Date(query.Until)));
        if (at.ElementCount > 0)
            filter.Add("at", at);
        if (query.Act is { } act)
            filter.Add("act", EnumName<AuditAct>.Of(act));
        if (query.Actor is { } actor)
        {
            filter.Add("$or", new BsonArray
            {
                new BsonDocument("actor", actor), new BsonDocument("key_id", actor),
            });
        }

        if (query.Subject is { } subject)
            filter.Add("subjects", subject);
        if (before is not null)
            filter.Add("_id", new BsonDocument("$lt", before));
        return filter;
    }

    private static BsonDocument ToDocument(AuditEntry entry) => MongoFields.Document(
        ("_id", entry.Id),
        ("at", MongoFields.Date(entry.At)),
        ("actor", entry.Actor),
        ("key_id", entry.KeyId),
        ("origin", entry.Origin),
        ("act", EnumName<AuditAct>.Of(entry.Act)),
        ("outcome", EnumName<AuditOutcome>.Of(entry.Outcome)),
        ("subjects", new BsonArray(entry.Subjects)),
        ("subject_count", entry.SubjectCount),
        ("counts", new BsonArray(entry.Counts.Select(count => new BsonDocument
        {
            { "name", count.Key }, { "count", count.Value },
        }))),
        ("note", entry.Note));

    private static AuditEntry ToEntry(BsonDocument entry) => new()
    {
        Id = entry["_id"].AsString,
        At = entry.Instant("at")!.Value,
        Actor = entry["actor"].AsString,
        KeyId = entry.Text("key_id"),
        Origin = entry["origin"].AsString,
        Act = EnumName<AuditAct>.Parse(entry["act"].AsString),
        Outcome = EnumName<AuditOutcome>.Parse(entry["outcome"].AsString),
        Subjects = [.. entry["subjects"].AsBsonArray.Select(id => id.AsString)],
        SubjectCount = entry["subject_count"].ToInt64(),
        Counts = entry["counts"].AsBsonArray.ToImmutableSortedDictionary(
            count => count["name"].AsString, count => count["count"].ToInt64(), StringComparer.Ordinal),
        Note = entry.Text("note"),
    };
}
