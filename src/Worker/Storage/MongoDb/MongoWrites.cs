using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>Bulk writes: as few commands as there is room for, each statement on its own.</summary>
internal static class MongoWrites
{
    /// <summary>What a server takes at most as one command.</summary>
    public const int MaxCommandBytes = 16_793_600;

    private const int MaxStatements = 2_000;
    private const int StatementOverhead = 16;
    private const int CommandOverhead = 1_024;

    /// <summary>How often a statement is sent that lost against another over locks.</summary>
    private const int Attempts = 8;

    /// <summary>
    /// Sends the updates in the order of their ids, and again those that met a conflict that passes. Throws when one failed for
    /// any reason but a duplicate key; the others may then be done.
    /// </summary>
    public static async Task<MongoUpdateResult> UpdateAsync(
        this MongoDatabase database, string collection, IEnumerable<MongoUpdate> updates, CancellationToken cancellationToken)
    {
        var matched = 0L;
        List<MongoUpdate> lost = [], inserted = [];
        var pending = updates.OrderBy(update => update.Id, StringComparer.Ordinal).ToList();
        for (var attempt = 1; pending.Count > 0; attempt++)
        {
            var again = new List<MongoUpdate>();
            MongoException? failure = null;
            foreach (var part in Parts(pending, update => update.Statement))
            {
                var reply = await database.WriteAsync(Command("update", collection, "updates", [.. part.Select(update => update.Statement)]), cancellationToken);
                matched += reply["n"].AsInt64();
                inserted.AddRange(MongoReplies.Upserted(reply).Select(index => part[index]));
                foreach (var (index, error) in MongoReplies.WriteErrors(reply))
                {
                    (error.Code == MongoCodes.DuplicateKey ? lost : again).Add(part[index]);
                    failure = Worse(failure, error);
                }
            }

            await PauseAsync(database, failure, attempt, cancellationToken);
            pending = again;
        }

        return new(matched, lost, inserted);
    }

    /// <summary>Adds documents, each with an <c>_id</c>; one whose <c>_id</c> is there already is passed over.</summary>
    public static async Task InsertAsync(
        this MongoDatabase database, string collection, IEnumerable<BsonDocument> documents, CancellationToken cancellationToken)
    {
        var pending = documents.ToList();
        for (var attempt = 1; pending.Count > 0; attempt++)
        {
            var again = new List<BsonDocument>();
            MongoException? failure = null;
            foreach (var part in Parts(pending, document => document))
            {
                var reply = await database.WriteAsync(Command("insert", collection, "documents", part), cancellationToken);
                foreach (var (index, error) in MongoReplies.WriteErrors(reply).Where(failed => failed.Error.Code != MongoCodes.DuplicateKey))
                {
                    again.Add(part[index]);
                    failure = Worse(failure, error);
                }
            }

            await PauseAsync(database, failure, attempt, cancellationToken);
            pending = again;
        }
    }

    /// <summary>Removes what matches, and says how many that were.</summary>
    public static async Task<long> DeleteAsync(this MongoDatabase database, string collection, BsonDocument filter, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var delete = new BsonDocument { { "delete", collection }, { "deletes", new BsonArray { new BsonDocument { { "q", filter }, { "limit", 0 } } } } };
            var reply = await database.WriteAsync(delete, cancellationToken);
            if (MongoReplies.WriteErrors(reply).FirstOrDefault().Error is not { } failure)
                return reply["n"].AsInt64();
            await PauseAsync(database, failure, attempt, cancellationToken);
        }
    }

    private static BsonDocument Command(string name, string collection, string list, IReadOnlyCollection<BsonDocument> statements) =>
        new(statements.Sum(SizeOf) + CommandOverhead) { { name, collection }, { "ordered", false }, { list, statements } };

    private static int SizeOf(BsonDocument statement) => statement.Bytes.Length + StatementOverhead;

    private static IEnumerable<List<T>> Parts<T>(List<T> all, Func<T, BsonDocument> statement)
    {
        var part = new List<T>();
        var size = CommandOverhead;
        foreach (var item in all)
        {
            var length = SizeOf(statement(item));
            if (part.Count == MaxStatements || (part.Count > 0 && size + length > MaxCommandBytes))
            {
                yield return part;
                (part, size) = ([], CommandOverhead);
            }

            part.Add(item);
            size += length;
        }

        if (part.Count > 0)
            yield return part;
    }

    private static MongoException? Worse(MongoException? known, MongoException error) =>
        error.Code == MongoCodes.DuplicateKey || known is { IsTransient: false } ? known : error;

    private static Task PauseAsync(MongoDatabase database, MongoException? failure, int attempt, CancellationToken cancellationToken)
    {
        if (failure is null)
            return Task.CompletedTask;
        if (!failure.IsTransient || attempt == Attempts)
        {
            var translated = database.Translate(failure);
            throw translated is StoreUnavailableException ? new MongoStatementException(translated.Message, failure) : translated;
        }

        return Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20) * attempt), database.Time, cancellationToken);
    }
}
