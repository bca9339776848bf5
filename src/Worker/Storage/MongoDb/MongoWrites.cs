using MongoDB.Bson;
using MongoDB.Driver;

namespace Worker.Storage.MongoDb;

/// <summary>Bulk writes, unordered: each statement stands or falls on its own.</summary>
internal static class MongoWrites
{
    /// <summary>How often a statement is sent that lost against another over locks.</summary>
    private const int Attempts = 8;

    private static readonly BulkWriteOptions Unordered = new() { IsOrdered = false };

    /// <summary>
    /// Sends the writes in the order of their ids, and again those that met a conflict that passes. Throws when one
    /// failed for any reason but a duplicate key; the others may then be done.
    /// </summary>
    public static async Task<MongoWriteResult> WriteAsync(
        this MongoDatabase database,
        string collection,
        IEnumerable<MongoWrite> writes,
        CancellationToken cancellationToken)
    {
        var done = 0L;
        List<MongoWrite> lost = [], inserted = [];
        var pending = writes.OrderBy(write => write.Id, StringComparer.Ordinal).ToList();
        for (var attempt = 1; pending.Count > 0; attempt++)
        {
            var (result, errors) = await SendAsync(database, collection, pending, cancellationToken);
            done += result.MatchedCount + result.Upserts.Count + result.InsertedCount + result.DeletedCount;
            inserted.AddRange(result.Upserts.Select(upsert => pending[upsert.Index]));
            lost.AddRange(errors.Where(IsDuplicate).Select(error => pending[error.Index]));
            var failed = errors.Where(error => !IsDuplicate(error)).ToList();
            foreach (var error in failed.Where(error => attempt == Attempts || !MongoCodes.IsTransient(error.Code)))
                throw MongoErrors.OfStatement(error, database.Description);

            pending = failed.ConvertAll(error => pending[error.Index]);
            if (pending.Count > 0)
                await Task.Delay(
                    TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20) * attempt), database.Time, cancellationToken);
        }

        return new(done, lost, inserted);
    }

    /// <summary>
    /// Adds documents, each with an <c>_id</c>; one whose <c>_id</c> is there already is passed over.
    /// </summary>
    public static Task InsertAsync(
        this MongoDatabase database,
        string collection,
        IEnumerable<BsonDocument> documents,
        CancellationToken cancellationToken) =>
        database.WriteAsync(collection, documents.Select(MongoWrite.Insert), cancellationToken);

    /// <summary>Removes what matches.</summary>
    public static Task DeleteAsync(
        this MongoDatabase database, string collection, BsonDocument filter, CancellationToken cancellationToken) =>
        database.WriteAsync(collection, [MongoWrite.Delete(filter)], cancellationToken);

    private static Task<(BulkWriteResult<BsonDocument>, IReadOnlyList<BulkWriteError>)> SendAsync(
        MongoDatabase database, string collection, List<MongoWrite> writes, CancellationToken cancellationToken)
    {
        var models = writes.ConvertAll(write => write.Model);
        return database.RunAsync<(BulkWriteResult<BsonDocument>, IReadOnlyList<BulkWriteError>)>(
            async session =>
            {
                try
                {
                    var documents = database.Collection(collection);
                    return (await documents.BulkWriteAsync(session, models, Unordered, cancellationToken), []);
                }
                catch (MongoBulkWriteException<BsonDocument> exception) when (exception.WriteConcernError is null)
                {
                    return (exception.Result, exception.WriteErrors);
                }
            },
            cancellationToken,
            "write");
    }

    private static bool IsDuplicate(BulkWriteError error) => error.Category == ServerErrorCategory.DuplicateKey;
}
