using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>
/// The indexes beside <c>_id</c>, each for the query that it serves. Every collection can be sharded by <c>{ _id:
/// "hashed" }</c>: all writes name the <c>_id</c>, but for deletes in bulk.
/// </summary>
internal static class MongoIndexes
{
    private static readonly (string Collection, string[] Keys, bool Sparse)[] All =
    [
        // The children of a Log: the way down a trace.
        (MongoCollections.Logs, ["trace_parent_id"], true),

        // The verdicts from outside on a Log, in the order of ids.
        (MongoCollections.Logs, ["parent_id", "_id"], true),

        // The Logs that wait for a File, Version or deployment that appeared, in the order of ids.
        (MongoCollections.Logs, ["resolution.missing", "_id"], true),

        // The Logs of a File by when they were created, read backwards.
        (MongoCollections.Logs, ["resolution.file_id", "created", "_id"], true),

        // Every complete Flow Log in the order of ids: verify.
        (MongoCollections.Logs, ["complete", "_id"], true),

        // Logs by when they first came, and tombstones by when they were made: retention.
        (MongoCollections.Logs, ["first_received_at", "_id"], false),
        (MongoCollections.Logs, ["deleted_at"], true),

        // The Versions of a File, newest first, and what is deployed of it.
        (MongoCollections.Versions, ["file_id", "created", "_id"], false),
        (MongoCollections.Deployments, ["file_id"], false),
        (MongoCollections.Monitorings, ["file_id"], false),

        // The runs that are due.
        (MongoCollections.Runs, ["due"], true),

        // The runs of the verdicts on a Log: drop.
        (MongoCollections.Runs, ["judged_id"], true),

        // What hangs on a run: explain, drop.
        (MongoCollections.Decisions, ["log_id"], false),
        (MongoCollections.Attempts, ["log_id"], false),
        (MongoCollections.EvaluatorLogs, ["log_id"], false),

        // The verdicts of an Evaluator by when they were given, read backwards.
        (MongoCollections.EvaluatorLogs, ["evaluator_id", "end_time", "_id"], false),

        // What waits for an Evaluator that is not asked: alerts.
        (MongoCollections.Decisions, ["outcome", "evaluator_id"], false),

        // What was done, by when it was done, and of one kind: audit.
        (MongoCollections.Audit, ["at"], false),
        (MongoCollections.Audit, ["act", "_id"], false),
    ];

    /// <summary>The names of a collection's indexes.</summary>
    public static IEnumerable<(string Collection, IEnumerable<string> Names)> Names =>
        from index in All
        group NameOf(index.Keys) by index.Collection into collection
        select (collection.Key, collection.AsEnumerable());

    /// <summary>One command a collection. Does nothing where an index is there already.</summary>
    public static IEnumerable<BsonDocument> Commands() =>
        from index in All
        group index by index.Collection into collection
        select new BsonDocument
        {
            { "createIndexes", collection.Key },
            { "indexes", new BsonArray(collection.Select(index => Index(index.Keys, index.Sparse))) },
        };

    /// <param name="sparse">
    /// Documents without the first field are left out: most Logs cost one entry, that of their parent.
    /// </param>
    private static BsonDocument Index(string[] keys, bool sparse)
    {
        var index = new BsonDocument
        {
            { "key", MongoFilter.Ascending(keys) },
            { "name", NameOf(keys) },
        };

        // An index on several fields that is "sparse" leaves out only what has none of them.
        if (sparse && keys.Length == 1)
            index.Add("sparse", true);
        else if (sparse)
            index.Add("partialFilterExpression", new BsonDocument(keys[0], MongoFilter.Exists(true)));
        return index;
    }

    private static string NameOf(string[] keys) => string.Join('_', keys).Replace('.', '_');
}
