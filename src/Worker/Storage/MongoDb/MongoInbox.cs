using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>
/// The durable queue of a worker without a broker. A message gets its position when it is first peeked at, not when it is
/// appended: so none that was slow to be written is passed over, and none is used twice. Made for one worker that peeks; of
/// several, each sees every message.
/// </summary>
internal sealed class MongoInbox(MongoDatabase database) : IInbox
{
    public Task AppendAsync(IReadOnlyCollection<InboxMessage> messages, CancellationToken cancellationToken) => database.InsertAsync(
        MongoCollections.Inbox, messages.Select(message => Write(Guid.CreateVersion7().ToString("N"), message)).ToList(), cancellationToken);

    public async Task<IReadOnlyList<InboxMessage>> PeekAsync(long after, int limit, CancellationToken cancellationToken)
    {
        await CarryOverAsync(limit, cancellationToken);
        await NumberAsync(limit, cancellationToken);
        return await database.FindAsync(MongoCollections.Inbox, After(after), Read, cancellationToken, sort: MongoFilter.Ascending("position"), limit: limit);
    }

    public async Task RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancellationToken)
    {
        var gone = new BsonArray();
        foreach (var position in positions)
            gone.Add(position);
        await database.DeleteAsync(MongoCollections.Inbox, new() { { "position", new BsonDocument { { "$in", gone } } } }, cancellationToken);
    }

    public async Task CountRedeliveriesAsync(int window, CancellationToken cancellationToken)
    {
        var oldest = await database.FindAsync(MongoCollections.Inbox, After(0), Id, cancellationToken, MongoFilter.Only("position"), MongoFilter.Ascending("position"), window);
        var more = new BsonDocument { { "$inc", new BsonDocument { { "redeliveries", 1 } } } };
        await database.UpdateAsync(MongoCollections.Inbox, oldest.Select(id => MongoUpdate.Of(id, MongoFilter.Id(id), more)), cancellationToken);
    }

    /// <summary>Makes messages of the letters that were put back. It may be broken off anywhere, and is done again by the next.</summary>
    private async Task CarryOverAsync(int limit, CancellationToken cancellationToken)
    {
        var letters = await database.FindAsync(
            MongoCollections.DeadLetters,
            new() { { "redriven", MongoFilter.Exists(true) } },
            MongoDeadLetterStore.Read,
            cancellationToken,
            sort: MongoFilter.Ascending("redriven"),
            limit: limit);
        if (letters.Count == 0)
            return;

        await database.InsertAsync(MongoCollections.Inbox, letters.Select(letter => Write("letter:" + letter.DeadLetterId, InboxMessage.From(letter))).ToList(), cancellationToken);
        var carried = MongoFilter.Ids(letters.Select(letter => letter.DeadLetterId));
        carried.Add("redriven", MongoFilter.Exists(true));
        await database.DeleteAsync(MongoCollections.DeadLetters, carried, cancellationToken);
    }

    /// <summary>Numbers what has no position yet. Numbers come from a counter that only rises.</summary>
    private async Task NumberAsync(int limit, CancellationToken cancellationToken)
    {
        var unnumbered = await database.FindAsync(
            MongoCollections.Inbox, NotNumbered(), Id, cancellationToken, MongoFilter.Only("appended"), MongoFilter.Ascending("appended"), limit);
        if (unnumbered.Count == 0)
            return;

        var next = await TakeNumbersAsync(unnumbered.Count, cancellationToken);
        await database.UpdateAsync(MongoCollections.Inbox, unnumbered.Select((id, place) => Number(id, next + place)).ToList(), cancellationToken);
    }

    private async Task<long> TakeNumbersAsync(long count, CancellationToken cancellationToken)
    {
        var counter = new BsonDocument
        {
            { "findAndModify", MongoCollections.Worker },
            { "query", MongoFilter.Id("inbox") },
            { "update", new BsonDocument { { "$inc", new BsonDocument { { "position", count } } } } },
            { "upsert", true },
            { "new", true },
        };
        var reply = await database.WriteAsync(counter, cancellationToken);
        return reply["value"].AsView()["position"].AsInt64() - count + 1;
    }

    private static MongoUpdate Number(string id, long position)
    {
        var filter = NotNumbered();
        filter.Add("_id", id);
        return MongoUpdate.Of(id, filter, new BsonDocument { { "$set", new BsonDocument { { "position", position } } } });
    }

    private static BsonDocument NotNumbered() => new() { { "position", MongoFilter.Exists(false) } };

    private static BsonDocument After(long position) => new() { { "position", new BsonDocument { { "$gt", position } } } };

    private static string Id(BsonView message) => message["_id"].AsString();

    private BsonDocument Write(string id, InboxMessage message) => new()
    {
        { "_id", id },
        { "appended", MongoSequence.Next(database.Time) },
        { "type", message.Type },
        { "message_id", message.MessageId },
        { "content_type", message.ContentType },
        { "content_encoding", message.ContentEncoding },
        { "body", message.Body },
        { "received_at", message.ReceivedAt },
        { "redeliveries", 0 },
    };

    private static InboxMessage Read(BsonView message) => new()
    {
        Position = message["position"].AsInt64(),
        Type = message.Text("type"),
        MessageId = message.Text("message_id"),
        ContentType = message.Text("content_type"),
        ContentEncoding = message.Text("content_encoding"),
        Body = message.Bytes("body")!.Value,
        ReceivedAt = message.Instant("received_at")!.Value,
        Redeliveries = message["redeliveries"].AsInt32(),
    };
}
