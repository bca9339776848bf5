using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Who shares the database.</summary>
internal sealed class MongoWorkerStore(MongoDatabase database) : IWorkerStore
{
    public Task SeeAsync(SeenWorker worker, CancellationToken cancellationToken)
    {
        var document = new BsonDocument
        {
            { "_id", worker.Id },
            { "host", worker.Host },
            { "process_id", worker.ProcessId },
            { "version", worker.Version },
            { "role", worker.Role },
            { "started_at", MongoFields.Date(worker.StartedAt) },
            { "seen_at", MongoFields.Date(worker.SeenAt) },
        };
        var write = MongoWrite.Replace(worker.Id, MongoFilter.Id(worker.Id), document, upsert: true);
        return database.WriteAsync(MongoCollections.Workers, [write], cancellationToken);
    }

    public async Task<IReadOnlyList<SeenWorker>> ListAsync(int most, CancellationToken cancellationToken) =>
        await database.FindAsync(
            MongoCollections.Workers,
            [],
            ToWorker,
            cancellationToken,
            sort: new() { { "seen_at", -1 }, { "_id", 1 } },
            limit: most);

    public Task LeaveAsync(string id, CancellationToken cancellationToken) =>
        database.DeleteAsync(MongoCollections.Workers, MongoFilter.Id(id), cancellationToken);

    public Task ForgetAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        database.DeleteAsync(
            MongoCollections.Workers,
            new("seen_at", new BsonDocument("$lt", MongoFields.Date(until))),
            cancellationToken);

    private static SeenWorker ToWorker(BsonDocument worker) => new()
    {
        Id = worker["_id"].AsString,
        Host = worker["host"].AsString,
        ProcessId = worker["process_id"].ToInt32(),
        Version = worker["version"].AsString,
        Role = worker["role"].AsString,
        StartedAt = worker.Instant("started_at")!.Value,
        SeenAt = worker.Instant("seen_at")!.Value,
    };
}
