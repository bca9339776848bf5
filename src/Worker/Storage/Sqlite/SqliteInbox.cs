namespace Worker.Storage.Sqlite;

/// <summary>
/// The queue as a table. Positions are never used twice, so that a reader's place stays valid.
/// </summary>
internal sealed class SqliteInbox(SqliteDatabase database) : IInbox
{
    private const string Add =
        """
        INSERT INTO inbox
            (type, message_id, content_type, body, received_at, content_encoding, attempts, traceparent, redeliveries)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
        """;

    private const string Find =
        """
        SELECT position, type, message_id, content_type, body, received_at, redeliveries, content_encoding, attempts,
            traceparent
        FROM inbox WHERE position > ? ORDER BY position LIMIT ?
        """;

    private const string Size = "SELECT COUNT(*), COALESCE(SUM(LENGTH(body)), 0), MIN(received_at) FROM inbox";

    private const string Remove = "DELETE FROM inbox WHERE position = ?";

    private const string CountRedeliveries =
        """
        UPDATE inbox SET redeliveries = redeliveries + 1
        WHERE position IN (SELECT position FROM inbox ORDER BY position LIMIT ?)
        """;

    public string Description => database.Description;

    public bool Exists => File.Exists(database.File);

    public Task AppendAsync(IReadOnlyCollection<InboxMessage> messages, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var message in messages)
                    Append(session, message);
            },
            cancellationToken);

    public Task<IReadOnlyList<InboxMessage>> PeekAsync(long after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<InboxMessage> (session) => session.Prepare(Find).Bind(after).Bind(limit).All(ToMessage),
            cancellationToken);

    public Task<InboxSize> SizeAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.Prepare(Size)
                .All(row => new InboxSize(row.Long(0), row.Long(1), row.Long(0) == 0 ? null : row.Instant(2)))
                .Single(),
            cancellationToken);

    public Task RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var position in positions)
                    session.Prepare(Remove).Bind(position).Run();
            },
            cancellationToken);

    public Task CountRedeliveriesAsync(int window, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(CountRedeliveries).Bind(window).Run(), cancellationToken);

    /// <summary>Within a transaction of the caller's.</summary>
    public static void Append(SqliteSession session, InboxMessage message) =>
        session.Prepare(Add)
            .Bind(message.Type)
            .Bind(message.MessageId)
            .Bind(message.ContentType)
            .BindBytes(message.Body)
            .Bind(message.ReceivedAt)
            .Bind(message.ContentEncoding)
            .Bind(LetterAttempts.Write(message.Attempts))
            .Bind(message.TraceParent)
            .Run();

    private static InboxMessage ToMessage(SqliteStatement row) => new()
    {
        Position = row.Long(0),
        Type = row.TextOrNull(1),
        MessageId = row.TextOrNull(2),
        ContentType = row.TextOrNull(3),
        Body = row.Bytes(4),
        ReceivedAt = row.Instant(5),
        Redeliveries = row.Int(6),
        ContentEncoding = row.TextOrNull(7),
        Attempts = LetterAttempts.Read(row.TextOrNull(8)),
        TraceParent = row.TextOrNull(9),
    };
}
