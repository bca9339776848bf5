using System.Diagnostics;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>
/// The index of texts by SQLite's FTS5: each Log's pieces of three characters. Which Logs are to be indexed (again) is
/// noted by triggers, in the transactions that change them.
/// </summary>
internal sealed class SqliteTextIndex(SqliteDatabase database) : ITextIndex
{
    private const string Match = "SELECT rowid FROM log_text WHERE log_text MATCH ?1 LIMIT ?2";

    public const string Place =
        "SELECT id, file_id, created FROM logs WHERE seq = ? AND kind = 'flow' AND file_id IS NOT NULL";

    private const string NewestDue = "SELECT seq FROM log_text_due ORDER BY seq DESC LIMIT ?";

    private const string Read = "SELECT version, document FROM logs WHERE seq = ?";

    private const string Version = "SELECT version FROM logs WHERE seq = ?";

    private const string Replace = "INSERT OR REPLACE INTO log_text (rowid, text) VALUES (?, ?)";

    private const string Has = "SELECT 1 FROM log_text_docsize WHERE id = ?";

    private const string Delete = "DELETE FROM log_text WHERE rowid = ?";

    private const string Done = "DELETE FROM log_text_due WHERE seq = ?";

    private const string SetMergeDue = "UPDATE log_text_merge SET is_due = ?";

    private const string IsMergeDue = "SELECT 1 FROM log_text_merge WHERE is_due";

    /// <summary>All parts into one, some pages at a time.</summary>
    private const string Merge = "INSERT INTO log_text (log_text, rank) VALUES ('merge', -256)";

    private const int PieceLength = 3;

    /// <summary>More pieces of one text are not asked for: fewer only find more.</summary>
    private const int MostPieces = 64;

    private const int MostLogs = 256;

    /// <summary>Characters of one Log that are indexed, some 50 ms; of many Logs at once, some 20.</summary>
    private const int MostOfLog = 1024 * 1024;
    private const int Enough = 256 * 1024;

    /// <summary>A writer that nobody else asks begins within this.</summary>
    private static readonly TimeSpan Free = TimeSpan.FromMilliseconds(1);

    /// <summary>Stands in the index for the rest of what is longer, so that this is found by every search.</summary>
    private const string Cut = "\uE000\uE001\uE002";

    public async Task<IReadOnlyList<IndexedLog>?> FindAsync(
        IReadOnlyCollection<string> texts, int most, CancellationToken cancellationToken) =>
        Query(texts) is { } query
            ? await database.ReadAsync(session => Find(session, query, most), cancellationToken)
            : null;

    public async Task<IndexStep> CatchUpAsync(CancellationToken cancellationToken)
    {
        var changed = await database.ReadAsync(ReadDue, cancellationToken);
        if (changed.Count > 0)
            return await WriteAsync(session => Take(session, changed), cancellationToken);
        return await database.ReadAsync(session => session.Prepare(IsMergeDue).Any(), cancellationToken)
            ? await WriteAsync(MergeSome, cancellationToken)
            : IndexStep.None;
    }

    private async Task<IndexStep> WriteAsync(Action<SqliteSession> step, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        var waited = await database.WriteAsync(
            session =>
            {
                var waited = Stopwatch.GetElapsedTime(asked);
                step(session);
                return waited;
            },
            cancellationToken);
        return waited > Free ? IndexStep.DoneAmongOthers : IndexStep.Done;
    }

    /// <summary>All pieces of all texts; null where there is none.</summary>
    private static string? Query(IEnumerable<string> texts)
    {
        var pieces = texts.SelectMany(Pieces).Distinct(StringComparer.Ordinal).ToList();
        return pieces.Count == 0 ? null : $"({string.Join(" AND ", pieces.Select(Quoted))}) OR {Quoted(Cut)}";
    }

    private static IEnumerable<string> Pieces(string text)
    {
        // NUL ends what SQLite reads; what is no text cannot be asked for.
        var runes = PayloadTexts.Capitals(text).EnumerateRunes().Select(rune => rune.ToString()).ToList();
        return runes.Exists(rune => rune is "\0" or "\uFFFD")
            ? []
            : Enumerable.Range(0, Math.Clamp(runes.Count - PieceLength + 1, 0, MostPieces))
                .Select(at => string.Concat(runes.Skip(at).Take(PieceLength)));
    }

    private static string Quoted(string piece) => $"\"{piece.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static List<IndexedLog>? Find(SqliteSession session, string query, int most)
    {
        var found = session.Prepare(Match).Bind(query).Bind(most + 1).All(row => row.Long(0)).ToHashSet();
        found.UnionWith(session.Prepare(NewestDue).Bind(most + 1).All(row => row.Long(0)));
        if (found.Count > most)
            return null;

        var logs = new List<IndexedLog>(found.Count);
        foreach (var seq in found)
        {
            using var row = session.Prepare(Place).Bind(seq);
            if (row.Next())
                logs.Add(new(row.Text(0), row.Text(1), row.Long(2)));
        }

        return logs;
    }

    private static List<ChangedLog> ReadDue(SqliteSession session)
    {
        var (changed, length) = (new List<ChangedLog>(), 0);
        foreach (var seq in session.Prepare(NewestDue).Bind(MostLogs).All(row => row.Long(0)))
        {
            using var row = session.Prepare(Read).Bind(seq);
            var log = row.Next() ? LogDocument.Read(row.Bytes(1), row.Int(0)) : null;
            var text = log is { Kind: LogKind.Flow, IsDeleted: false } ? TextOf(log) : null;
            changed.Add(new(seq, log?.Version, text));
            length += text?.Length ?? 0;
            if (length >= Enough)
                break;
        }

        return changed;
    }

    private static string TextOf(Log log)
    {
        var text = PayloadTexts.Capitals(log, MostOfLog, out var isCut).Replace('\0', ' ');
        return isCut ? text + Cut : text;
    }

    private static void Take(SqliteSession session, IReadOnlyList<ChangedLog> changed)
    {
        foreach (var (seq, version, text) in changed)
        {
            // What has changed since it was read comes again.
            if (VersionOf(session, seq) != version)
                continue;
            if (text is not null)
            {
                session.Prepare(Replace).Bind(seq).Bind(text).Run();
            }
            else if (session.Prepare(Has).Bind(seq).Any())
            {
                session.Prepare(Delete).Bind(seq).Run();
                session.Prepare(SetMergeDue).Bind(true).Run();
            }

            session.Prepare(Done).Bind(seq).Run();
        }
    }

    private static int? VersionOf(SqliteSession session, long seq)
    {
        using var row = session.Prepare(Version).Bind(seq);
        return row.Next() ? row.Int(0) : null;
    }

    private static void MergeSome(SqliteSession session)
    {
        // SQLite says that it is done by changing nothing but that it was asked.
        var before = session.TotalChanges;
        session.Prepare(Merge).Run();
        if (session.TotalChanges - before < 2)
            session.Prepare(SetMergeDue).Bind(false).Run();
    }

    /// <param name="Version">Null where it is not there any more.</param>
    /// <param name="Text">Null where it is to be found no more.</param>
    private sealed record ChangedLog(long Seq, int? Version, string? Text);
}
