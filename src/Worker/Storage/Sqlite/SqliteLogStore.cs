using System.Collections.Concurrent;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>Logs, one row each: the document, and beside it what is searched for.</summary>
internal sealed class SqliteLogStore(SqliteDatabase database) : ILogStore
{
    private const string Find = "SELECT version, document FROM logs WHERE seq = ?";

    // FAIL, here and below: what fails is undone with its whole transaction, so SQLite need not keep what undoing this
    // statement alone would take. It would keep every page that is touched, because of the triggers.
    private const string Insert =
        """
        INSERT OR FAIL INTO logs (
            id, version, kind, parent, judged, complete, deleted_at, missing, file_id, created, document)
        VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string Update =
        """
        UPDATE OR FAIL logs SET version = version + 1, kind = ?, parent = ?, judged = ?, complete = ?, deleted_at = ?,
            missing = ?, file_id = ?, created = ?, document = ?
        WHERE seq = ? AND version = ?
        """;

    /// <summary>As many chunks as are written at once keep what their documents were written to.</summary>
    private const int MaxSpare = 4;

    private readonly ConcurrentBag<LogDocuments> _spare = [];

    public Task<IReadOnlyDictionary<string, Log>> ReadAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyDictionary<string, Log> (session) =>
            {
                var logs = new Dictionary<string, Log>(StringComparer.Ordinal);
                foreach (var id in ids)
                {
                    using var row = session.Prepare(Find).Bind(session.SeqOf(id));
                    if (row.Next())
                        logs[id] = LogDocument.Read(row.Bytes(1), row.Int(0));
                }

                return logs;
            },
            cancellationToken);

    /// <summary>
    /// Documents are written as text before the writer is asked for its time, which everybody waits for.
    /// </summary>
    public async Task<LogWriteResult> WriteAsync(IReadOnlyCollection<Log> logs, CancellationToken cancellationToken)
    {
        var (lost, tooLarge) = (new List<string>(), new List<string>());
        var documents = _spare.TryTake(out var spare) ? spare : new();
        using var rest = logs.GetEnumerator();
        while (documents.Take(rest, tooLarge))
        {
            lost.AddRange(await database.WriteAsync(session => Write(session, documents), cancellationToken));
            documents.Clear();
        }

        if (_spare.Count < MaxSpare)
            _spare.Add(documents);
        return new LogWriteResult(lost, tooLarge);
    }

    private static List<string> Write(SqliteSession session, LogDocuments documents)
    {
        var lost = new List<string>();
        for (var i = 0; i < documents.Count; i++)
        {
            var (log, document) = documents[i];
            if (!Write(session, log, document.Span))
                lost.Add(log.Id);
        }

        return lost;
    }

    /// <summary>False when another version is stored, or, of a new Log, any.</summary>
    private static bool Write(SqliteSession session, Log log, ReadOnlySpan<byte> document)
    {
        var seq = session.SeqOf(log.Id);
        var isNew = log.Version == 0;
        if (isNew != seq is null)
            return false;

        var statement = isNew ? session.Prepare(Insert).Bind(log.Id) : session.Prepare(Update);
        statement
            .Bind(log.Kind.WireName())
            .Bind(log.ParentId)
            .Bind(log.JudgedId)
            .Bind(log.IsComplete)
            .Bind(log.DeletedAt)
            .Bind(log.Resolution?.Missing is { } missing ? CatalogKeyText.Of(missing) : null)
            .Bind(log.Resolution?.FileId)
            .Bind(log.CreatedAt)
            .BindUtf8(document);
        if (!isNew)
            return statement.Bind(seq).Bind(log.Version).Run() == 1;

        statement.Run();
        session.AddLogId(log.Id);
        return true;
    }
}
