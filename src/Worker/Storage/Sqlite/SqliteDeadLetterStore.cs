using System.Runtime.CompilerServices;

namespace Worker.Storage.Sqlite;

/// <summary>Dead letters as rows.</summary>
internal sealed class SqliteDeadLetterStore(SqliteDatabase database) : IDeadLetterStore
{
    private const string Columns =
        "id, kind, message_id, log_id, reason, field, detail, first_received, body, body_length, body_hash, " +
        "withheld, content_type, content_encoding, attempts";

    private const string Add =
        $"""
        INSERT INTO dead_letters ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string FindPage = $"SELECT {Columns}, seq FROM dead_letters WHERE seq > ? ORDER BY seq LIMIT ?";
    private const string Find = $"SELECT {Columns} FROM dead_letters WHERE id = ?";
    private const string Count = "SELECT count(*) FROM dead_letters";
    private const string Remove = "DELETE FROM dead_letters WHERE id = ?";

    // A body is up to 1 MiB by default, and a page is held at once.
    private const int Page = 16;

    public bool Exists => database.Exists;

    public Task AddAsync(IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var letter in letters)
                    Write(session, letter);
            },
            cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.Prepare(Count).All(row => row.Long(0))[0], cancellationToken);

    public async IAsyncEnumerable<DeadLetter> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0L;
        while (true)
        {
            var page = await PageAfterAsync(last, cancellationToken);
            foreach (var (letter, _) in page)
                yield return letter;
            if (page.Count < Page)
                yield break;
            last = page[^1].Seq;
        }
    }

    public Task<bool> RedriveAsync(string deadLetterId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var letter = session.Prepare(Find).Bind(deadLetterId).All(ToLetter).SingleOrDefault();
                if (letter?.Body is null)
                    return false;
                SqliteInbox.Append(session, InboxMessage.From(letter));
                return session.Prepare(Remove).Bind(deadLetterId).Run() == 1;
            },
            cancellationToken);

    public Task<bool> DiscardAsync(string deadLetterId, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(Remove).Bind(deadLetterId).Run() == 1, cancellationToken);

    private Task<List<(DeadLetter Letter, long Seq)>> PageAfterAsync(long seq, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.Prepare(FindPage).Bind(seq).Bind(Page).All(row => (ToLetter(row), row.Long(15))),
            cancellationToken);

    private static void Write(SqliteSession session, DeadLetter letter) =>
        session.Prepare(Add)
            .Bind(letter.DeadLetterId)
            .Bind(letter.Kind)
            .Bind(letter.MessageId)
            .Bind(letter.LogId)
            .Bind(letter.Reason)
            .Bind(letter.Field)
            .Bind(letter.Detail)
            .Bind(letter.FirstReceived)
            .BindBytes(letter.Body)
            .Bind(letter.BodyLength)
            .Bind(letter.BodyHash)
            .Bind(letter.Withheld)
            .Bind(letter.ContentType)
            .Bind(letter.ContentEncoding)
            .Bind(LetterAttempts.Write(letter.Attempts))
            .Run();

    private static DeadLetter ToLetter(SqliteStatement row) => new()
    {
        DeadLetterId = row.Text(0),
        Kind = row.TextOrNull(1),
        MessageId = row.Text(2),
        LogId = row.TextOrNull(3),
        Reason = row.Text(4),
        Field = row.TextOrNull(5),
        Detail = row.Text(6),
        FirstReceived = row.Instant(7),
        Body = row.BytesOrNull(8),
        BodyLength = row.Int(9),
        BodyHash = row.Text(10),
        Withheld = row.Bool(11),
        ContentType = row.TextOrNull(12),
        ContentEncoding = row.TextOrNull(13),
        Attempts = LetterAttempts.Read(row.TextOrNull(14)),
    };
}
