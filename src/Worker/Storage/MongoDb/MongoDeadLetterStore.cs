using System.Runtime.CompilerServices;
using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Dead letters, where there is no broker to keep them. A letter is put back by one statement, which marks it: from then on it
/// belongs to the inbox, and whoever peeks there next carries it over (see <see cref="MongoInbox"/>).
/// </summary>
internal sealed class MongoDeadLetterStore(MongoDatabase database) : IDeadLetterStore
{
    // A body is up to 1 MiB by default, and a page is held at once.
    private const int Page = 16;

    public Task AddAsync(IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken) =>
        database.InsertAsync(MongoCollections.DeadLetters, letters.Select(Write).ToList(), cancellationToken);

    public async IAsyncEnumerable<DeadLetter> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (added, id) = (0L, "");
        while (true)
        {
            var sameTime = new BsonDocument { { "added", added }, { "_id", new BsonDocument { { "$gt", id } } } };
            var later = new BsonDocument { { "added", new BsonDocument { { "$gt", added } } } };
            var filter = new BsonDocument { { "$or", new BsonArray { later, sameTime } }, { "redriven", MongoFilter.Exists(false) } };
            var page = await database.FindAsync(
                MongoCollections.DeadLetters,
                filter,
                letter => (Letter: Read(letter), Added: letter["added"].AsInt64()),
                cancellationToken,
                sort: MongoFilter.Ascending("added", "_id"),
                limit: Page);
            foreach (var (letter, _) in page)
                yield return letter;
            if (page.Count < Page)
                yield break;
            (added, id) = (page[^1].Added, page[^1].Letter.DeadLetterId);
        }
    }

    public async Task<bool> RedriveAsync(string deadLetterId, CancellationToken cancellationToken)
    {
        var here = new BsonDocument { { "_id", deadLetterId }, { "body", MongoFilter.Exists(true) }, { "redriven", MongoFilter.Exists(false) } };
        var mark = new BsonDocument { { "$set", new BsonDocument { { "redriven", MongoSequence.Next(database.Time) } } } };
        return (await database.UpdateAsync(MongoCollections.DeadLetters, [MongoUpdate.Of(deadLetterId, here, mark)], cancellationToken)).Matched == 1;
    }

    public async Task<bool> DiscardAsync(string deadLetterId, CancellationToken cancellationToken) => await database.DeleteAsync(
        MongoCollections.DeadLetters, new() { { "_id", deadLetterId }, { "redriven", MongoFilter.Exists(false) } }, cancellationToken) == 1;

    public static DeadLetter Read(BsonView letter) => new()
    {
        DeadLetterId = letter["_id"].AsString(),
        Kind = letter.Text("kind"),
        MessageId = letter["message_id"].AsString(),
        LogId = letter.Text("log_id"),
        Reason = letter["reason"].AsString(),
        Field = letter.Text("field"),
        Detail = letter["detail"].AsString(),
        FirstReceived = letter.Instant("first_received")!.Value,
        Body = letter.Bytes("body"),
        BodyLength = letter["body_length"].AsInt32(),
        BodyHash = letter["body_hash"].AsString(),
        Withheld = letter["withheld"].AsBool(),
        ContentType = letter.Text("content_type"),
        ContentEncoding = letter.Text("content_encoding"),
    };

    private BsonDocument Write(DeadLetter letter) => new()
    {
        { "_id", letter.DeadLetterId },
        { "added", MongoSequence.Next(database.Time) },
        { "kind", letter.Kind },
        { "message_id", letter.MessageId },
        { "log_id", letter.LogId },
        { "reason", letter.Reason },
        { "field", letter.Field },
        { "detail", letter.Detail },
        { "first_received", letter.FirstReceived },
        { "body", letter.Body },
        { "body_length", letter.BodyLength },
        { "body_hash", letter.BodyHash },
        { "withheld", letter.Withheld },
        { "content_type", letter.ContentType },
        { "content_encoding", letter.ContentEncoding },
    };
}
